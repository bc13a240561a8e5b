import HTTP
import Ledger

/// A page of what was done to the schema, and what was refused.
struct SchemaHistoryAnswer: Answer {
    let request: PageRequest<PlaceCursor>
    let page: SchemaHistoryPage

    func response() -> Response {
        let next = page.next.map { PlaceCursor(number: $0).text }
        var body = Array("{\"changes\":[".utf8)
        for (index, change) in page.changes.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: change.json)
        }
        body.append(contentsOf: "],\"next_cursor\":".utf8)
        body.append(contentsOf: (next.map { JSONValue.string($0) } ?? .null).encoded())
        body.append(UInt8(ascii: "}"))
        var response = Response.json(.ok, body)
        if let next {
            let target = "/api/schema/changes?limit=\(request.limit)&cursor=\(next)"
            response.fields.append(.link, "<\(target)>; rel=\"next\"")
        }
        return response
    }
}

extension RecordedSchemaChange {
    fileprivate var json: [UInt8] {
        let known: JSONValue = [
            "change_id": .integer(id), "outcome": .string(outcome),
            "applied_at": .string(appliedAt.rfc3339),
            "duration_ms": .milliseconds(durationMilliseconds), "sql": .string(sql),
            "request_id": .string(requestID), "actor": actor.map { .string($0) } ?? .null,
        ]
        var json = Array(known.encoded().dropLast())
        // They are JSON already: PostgreSQL lets nothing else into the columns.
        json.append(contentsOf: ",\"diff\":\(difference ?? "null")".utf8)
        json.append(contentsOf: ",\"rows_changed\":\(rowsChanged ?? "null")}".utf8)
        return json
    }
}

struct SchemaListing: Answer {
    let tables: [TableListing]
    let isComplete: Bool

    func response() -> Response {
        .json(
            .ok,
            ["tables": .array(tables.map(\.json)), "is_complete": .bool(isComplete)])
    }
}

extension TableListing {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "kind": .string(kind),
            "columns": .array(
                columns.map { column in
                    [
                        "name": .string(column.name), "type": .string(column.type),
                        "nullable": .bool(column.isNullable),
                        "default": column.defaultValue.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}
