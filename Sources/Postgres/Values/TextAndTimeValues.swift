/// Sent as `text`: a statement that wants json or another type casts it, as in `\(body)::jsonb`.
extension String: PostgresScalar {
    package static var postgresType: TypeOID { .text }
    package static var postgresArrayType: TypeOID { .textArray }

    package static func canRead(_ type: TypeOID) -> Bool {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .jsonb, .unknown: true
        default: false
        }
    }

    package func write(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: utf8)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> String {
        guard type == .jsonb else { return try utf8String(bytes) }
        // jsonb's binary form is its text behind a version number, which has always been 1.
        guard bytes.count > 0, bytes[0] == 1 else { throw .malformed }
        return try utf8String(bytes.extracting(1...))
    }

    private static func utf8String(_ bytes: Span<UInt8>) throws(ReadFailure) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw .malformed
        }
    }
}

extension PostgresTimestamp: PostgresScalar {
    package static var postgresType: TypeOID { .timestamptz }
    package static var postgresArrayType: TypeOID { .timestamptzArray }

    package static func canRead(_ type: TypeOID) -> Bool {
        type == .timestamptz || type == .timestamp
    }

    package func write(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(postgresMicroseconds)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Self {
        guard bytes.count == 8, let raw = bytes.bigEndian(as: Int64.self) else { throw .malformed }
        guard let time = PostgresTimestamp(postgres: raw) else { throw .outOfRange }
        return time
    }
}

extension PostgresTimestamp {
    /// Nil for infinity.
    package static func decodeFinite(_ field: Field) throws(PostgresError) -> Self? {
        do throws(PostgresError) {
            return try decode(field)
        } catch {
            guard case .cannotDecode(let failure) = error, failure.reason == .outOfRange else {
                throw error
            }
            return nil
        }
    }
}

extension PostgresDate: PostgresScalar {
    package static var postgresType: TypeOID { .date }
    package static var postgresArrayType: TypeOID { .dateArray }

    package static func canRead(_ type: TypeOID) -> Bool { type == .date }

    package func write(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(postgresDays)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Self {
        guard bytes.count == 4, let raw = bytes.bigEndian(as: Int32.self) else { throw .malformed }
        guard let day = PostgresDate(postgres: raw) else { throw .outOfRange }
        return day
    }
}
