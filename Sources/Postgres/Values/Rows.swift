/// A statement's result: its rows, read from libpq's memory only when they are asked for.
package struct Rows: RandomAccessCollection, Sendable {
    let result: ResultHandle

    package var startIndex: Int { 0 }
    package var endIndex: Int { result.rowCount }

    package subscript(position: Int) -> Row {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return Row(result: result, index: position)
    }

    /// The rows that the statement changed, or returned when it changed none.
    package var affectedRows: Int { result.affectedRows }

    // Whole columns, for results of hundreds of rows: decoded row by row from another module, each
    // value would cost a walk through witness tables.

    /// A column of bigint without NULLs.
    package func integers(inColumn column: Int) throws(PostgresError) -> [Int64] {
        try values(inColumn: column) { field throws(PostgresError) in try Int64.decode(field) }
    }

    /// A column of timestamptz without NULLs; nil for infinity, which is no moment.
    package func timestamps(inColumn column: Int) throws(PostgresError) -> [PostgresTimestamp?] {
        try values(inColumn: column) { field throws(PostgresError) in
            try PostgresTimestamp.decodeFinite(field)
        }
    }

    private func values<Value>(
        inColumn column: Int, _ decode: (Field) throws(PostgresError) -> Value
    ) throws(PostgresError) -> [Value] {
        precondition(isEmpty || column < result.columnCount, "there is no column \(column)")
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in indices {
            values.append(try decode(Field(result: result, row: row, column: column)))
        }
        return values
    }

    package var columnNames: [String] { (0..<result.columnCount).map(result.columnName) }
}

/// One row of a result. It keeps the whole result in memory.
package struct Row: Sendable {
    let result: ResultHandle
    let index: Int

    package var columnCount: Int { result.columnCount }

    /// The columns by their position: `let (id, name) = try row.decode(Int64.self, String?.self)`.
    ///
    /// The row must have as many columns as types are given.
    package func decode<each Value: PostgresDecodable>(
        _ types: repeat (each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var cursor = FieldCursor(row: self)
        let values = (repeat try cursor.next(as: (each Value).self))
        try cursor.checkEnd()
        return values
    }

    /// The column of that name.
    package subscript<Value: PostgresDecodable>(name: String, type: Value.Type) -> Value {
        get throws(PostgresError) {
            guard let column = result.columnIndex(named: name) else {
                let failure = DecodingFailure(
                    column: name, type: .unknown, expected: "\(type)", reason: .noSuchColumn)
                throw .cannotDecode(failure)
            }
            return try Value.decode(Field(result: result, row: index, column: column))
        }
    }
}

/// Walks along a row's columns while they are decoded.
private struct FieldCursor {
    let row: Row
    var column = 0

    mutating func next<Value: PostgresDecodable>(
        as type: Value.Type
    ) throws(PostgresError) -> Value {
        guard column < row.columnCount else { throw wrongCount(expected: "\(column + 1) or more") }
        let field = Field(result: row.result, row: row.index, column: column)
        column += 1
        return try Value.decode(field)
    }

    func checkEnd() throws(PostgresError) {
        guard column == row.columnCount else { throw wrongCount(expected: "\(column)") }
    }

    private func wrongCount(expected: String) -> PostgresError {
        let failure = DecodingFailure(
            column: "", type: .unknown, expected: expected, reason: .columnCount(row.columnCount))
        return .cannotDecode(failure)
    }
}

/// One value of one row, which may be NULL.
package struct Field: Sendable {
    let result: ResultHandle
    let row: Int
    let column: Int

    package var isNull: Bool { result.isNull(row: row, column: column) }

    package var type: TypeOID { result.type(of: column) }

    package var name: String { result.columnName(column) }

    /// Hands the value's bytes to `read`, and names the column when it cannot read them.
    func read<Value>(
        as target: Value.Type, _ read: (Span<UInt8>, TypeOID) throws(ReadFailure) -> Value
    ) throws(PostgresError) -> Value {
        do throws(ReadFailure) {
            if isNull { throw .null }
            // Text form comes only from types that have no binary one; all that is read here has.
            guard result.isBinary(column) else { throw .wrongType }
            let type = type
            return try result.withBytes(row: row, column: column) { bytes throws(ReadFailure) in
                try read(bytes, type)
            }
        } catch {
            throw failure(error, expected: "\(target)")
        }
    }

    private func failure(_ failure: ReadFailure, expected: String) -> PostgresError {
        let reason: DecodingFailure.Reason =
            switch failure {
            case .null: .null
            case .wrongType: .wrongType
            case .malformed: .malformed
            case .outOfRange: .outOfRange
            }
        return .cannotDecode(
            DecodingFailure(column: name, type: type, expected: expected, reason: reason))
    }
}
