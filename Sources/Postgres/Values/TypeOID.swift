/// A PostgreSQL type's object identifier. The built-in ones (pg_type.dat) never change.
package struct TypeOID: Hashable, Sendable, RawRepresentable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    static let bool = TypeOID(rawValue: 16)
    static let name = TypeOID(rawValue: 19)
    static let int8 = TypeOID(rawValue: 20)
    static let int2 = TypeOID(rawValue: 21)
    static let int4 = TypeOID(rawValue: 23)
    static let text = TypeOID(rawValue: 25)
    static let oid = TypeOID(rawValue: 26)
    static let json = TypeOID(rawValue: 114)
    static let float4 = TypeOID(rawValue: 700)
    static let float8 = TypeOID(rawValue: 701)
    package static let unknown = TypeOID(rawValue: 705)
    static let boolArray = TypeOID(rawValue: 1000)
    static let int4Array = TypeOID(rawValue: 1007)
    static let textArray = TypeOID(rawValue: 1009)
    static let int8Array = TypeOID(rawValue: 1016)
    static let float8Array = TypeOID(rawValue: 1022)
    static let bpchar = TypeOID(rawValue: 1042)
    static let varchar = TypeOID(rawValue: 1043)
    static let date = TypeOID(rawValue: 1082)
    static let timestamp = TypeOID(rawValue: 1114)
    static let dateArray = TypeOID(rawValue: 1182)
    static let timestamptz = TypeOID(rawValue: 1184)
    static let timestamptzArray = TypeOID(rawValue: 1185)
    static let numeric = TypeOID(rawValue: 1700)
    static let jsonb = TypeOID(rawValue: 3802)
}

extension TypeOID: CustomStringConvertible {
    package var description: String {
        guard let name = Self.names[self] else { return "OID \(rawValue)" }
        return "\(name) (OID \(rawValue))"
    }

    private static let names: [TypeOID: String] = [
        .bool: "boolean", .name: "name", .int8: "bigint", .int2: "smallint", .int4: "integer",
        .text: "text", .oid: "oid", .json: "json", .float4: "real", .float8: "double precision",
        .unknown: "unknown", .boolArray: "boolean[]", .int4Array: "integer[]",
        .textArray: "text[]", .int8Array: "bigint[]", .float8Array: "double precision[]",
        .bpchar: "character", .varchar: "character varying", .date: "date",
        .timestamp: "timestamp", .dateArray: "date[]", .timestamptz: "timestamptz",
        .timestamptzArray: "timestamptz[]", .numeric: "numeric", .jsonb: "jsonb",
    ]
}
