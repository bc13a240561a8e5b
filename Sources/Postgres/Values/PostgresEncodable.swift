/// A value that may stand in a statement's interpolation, and becomes one of its binds.
package protocol PostgresEncodable {
    /// Sent along, so that the server never guesses, and that NULL has a type too.
    static var postgresType: TypeOID { get }

    /// Appends exactly one bind.
    func encode(into binds: inout Binds)
}

/// A row's value, read from PostgreSQL's binary form.
package protocol PostgresDecodable {
    static func decode(_ field: Field) throws(PostgresError) -> Self
}

/// A type with a binary form of its own, that arrays can be made of.
package protocol PostgresScalar: PostgresEncodable, PostgresDecodable {
    static var postgresArrayType: TypeOID { get }

    /// Whether values of a PostgreSQL type can be read as this one without losing anything.
    static func canRead(_ type: TypeOID) -> Bool

    func write(to bytes: inout [UInt8])

    /// `bytes` is one value of a type that `canRead` accepted.
    static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Self
}

/// Why bytes are no value; the caller knows the column and makes a `DecodingFailure` of it.
package enum ReadFailure: Error, Sendable {
    case null, wrongType, malformed, outOfRange
}

extension PostgresScalar {
    package func encode(into binds: inout Binds) {
        binds.append(Self.postgresType) { write(to: &$0) }
    }

    package static func decode(_ field: Field) throws(PostgresError) -> Self {
        try field.read(as: Self.self) { (bytes, type) throws(ReadFailure) in
            guard canRead(type) else { throw .wrongType }
            return try read(bytes, of: type)
        }
    }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: TypeOID { Wrapped.postgresType }

    package func encode(into binds: inout Binds) {
        guard let value = self else { return binds.appendNull(of: Wrapped.postgresType) }
        value.encode(into: &binds)
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ field: Field) throws(PostgresError) -> Self {
        field.isNull ? nil : try Wrapped.decode(field)
    }
}
