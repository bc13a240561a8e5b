extension Bool: PostgresScalar {
    package static var postgresType: TypeOID { .bool }
    package static var postgresArrayType: TypeOID { .boolArray }

    package static func canRead(_ type: TypeOID) -> Bool { type == .bool }

    package func write(to bytes: inout [UInt8]) {
        bytes.append(self ? 1 : 0)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Bool {
        guard bytes.count == 1 else { throw .malformed }
        return bytes[0] != 0
    }
}

extension Int32: PostgresScalar {
    package static var postgresType: TypeOID { .int4 }
    package static var postgresArrayType: TypeOID { .int4Array }

    package static func canRead(_ type: TypeOID) -> Bool { type == .int4 || type == .int2 }

    package func write(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Int32 {
        guard let value = Int32(exactly: try Int64.read(bytes, of: type)) else {
            throw .outOfRange
        }
        return value
    }
}

extension Int64: PostgresScalar {
    package static var postgresType: TypeOID { .int8 }
    package static var postgresArrayType: TypeOID { .int8Array }

    package static func canRead(_ type: TypeOID) -> Bool {
        type == .int8 || type == .int4 || type == .int2 || type == .oid
    }

    package func write(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Int64 {
        switch (type, bytes.count) {
        case (.int8, 8): bytes.bigEndian(as: Int64.self) ?? 0
        case (.int4, 4): Int64(bytes.bigEndian(as: Int32.self) ?? 0)
        case (.int2, 2): Int64(bytes.bigEndian(as: Int16.self) ?? 0)
        case (.oid, 4): Int64(bytes.bigEndian(as: UInt32.self) ?? 0)
        default: throw .malformed
        }
    }
}

extension Int: PostgresScalar {
    package static var postgresType: TypeOID { .int8 }
    package static var postgresArrayType: TypeOID { .int8Array }

    package static func canRead(_ type: TypeOID) -> Bool { Int64.canRead(type) }

    package func write(to bytes: inout [UInt8]) {
        Int64(self).write(to: &bytes)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Int {
        guard let value = Int(exactly: try Int64.read(bytes, of: type)) else { throw .outOfRange }
        return value
    }
}

extension Double: PostgresScalar {
    package static var postgresType: TypeOID { .float8 }
    package static var postgresArrayType: TypeOID { .float8Array }

    package static func canRead(_ type: TypeOID) -> Bool { type == .float8 || type == .float4 }

    package func write(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(bitPattern)
    }

    package static func read(_ bytes: Span<UInt8>, of type: TypeOID) throws(ReadFailure) -> Double {
        switch (type, bytes.count) {
        case (.float8, 8): Double(bitPattern: bytes.bigEndian() ?? 0)
        case (.float4, 4): Double(Float(bitPattern: bytes.bigEndian() ?? 0))
        default: throw .malformed
        }
    }
}
