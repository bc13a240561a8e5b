// The binary form of an array (PostgreSQL's array_send): number of dimensions, whether any element
// is NULL, the elements' type; for each dimension its length and lower bound; then every element
// behind its length in bytes, -1 for NULL. Here an array has one dimension, or none when empty.

/// What an array may be made of: a scalar, or a scalar that may be NULL.
package protocol PostgresArrayElement {
    associatedtype Scalar: PostgresScalar

    /// Nil for NULL.
    var scalar: Scalar? { get }

    static func element(_ scalar: Scalar?) throws(ReadFailure) -> Self
}

extension PostgresArrayElement where Self: PostgresScalar {
    package var scalar: Self? { self }

    package static func element(_ scalar: Self?) throws(ReadFailure) -> Self {
        guard let scalar else { throw .null }
        return scalar
    }
}

extension Bool: PostgresArrayElement {}
extension Int32: PostgresArrayElement {}
extension Int64: PostgresArrayElement {}
extension Int: PostgresArrayElement {}
extension Double: PostgresArrayElement {}
extension String: PostgresArrayElement {}
extension PostgresTimestamp: PostgresArrayElement {}
extension PostgresDate: PostgresArrayElement {}

extension Optional: PostgresArrayElement where Wrapped: PostgresScalar {
    package var scalar: Wrapped? { self }

    package static func element(_ scalar: Wrapped?) -> Self { scalar }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    package static var postgresType: TypeOID { Element.Scalar.postgresArrayType }

    package func encode(into binds: inout Binds) {
        binds.append(Self.postgresType) { write(to: &$0) }
    }

    private func write(to bytes: inout [UInt8]) {
        // An element is a length and, for all types but text, at most eight bytes.
        bytes.reserveCapacity(bytes.count + 20 + 12 * count)
        bytes.appendBigEndian(Int32(isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(contains { $0.scalar == nil } ? 1 : 0))
        bytes.appendBigEndian(Element.Scalar.postgresType.rawValue)
        if isEmpty { return }
        bytes.appendBigEndian(Int32(count))
        bytes.appendBigEndian(Int32(1))
        for element in self {
            Self.write(element.scalar, to: &bytes)
        }
    }

    private static func write(_ scalar: Element.Scalar?, to bytes: inout [UInt8]) {
        guard let scalar else { return bytes.appendBigEndian(Int32(-1)) }
        let lengthOffset = bytes.count
        bytes.appendBigEndian(Int32(0))
        scalar.write(to: &bytes)
        let length = UInt32(bytes.count - lengthOffset - 4)
        bytes[lengthOffset] = UInt8(truncatingIfNeeded: length >> 24)
        bytes[lengthOffset + 1] = UInt8(truncatingIfNeeded: length >> 16)
        bytes[lengthOffset + 2] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[lengthOffset + 3] = UInt8(truncatingIfNeeded: length)
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    package static func decode(_ field: Field) throws(PostgresError) -> Self {
        try field.read(as: Self.self) { (bytes, _) throws(ReadFailure) in try read(bytes) }
    }

    private static func read(_ bytes: Span<UInt8>) throws(ReadFailure) -> Self {
        guard let dimensions = bytes.bigEndian(at: 0, as: Int32.self),
            let elementType = bytes.bigEndian(at: 8, as: UInt32.self)
        else { throw .wrongType }
        let type = TypeOID(rawValue: elementType)
        guard Element.Scalar.canRead(type), dimensions == 0 || dimensions == 1 else {
            throw .wrongType
        }
        if dimensions == 0 { return [] }
        // Every element takes at least its length's four bytes: a count beyond that is a lie.
        guard let count = bytes.bigEndian(at: 12, as: Int32.self), count >= 0,
            Int(count) <= bytes.count / 4
        else { throw .malformed }
        return try readElements(bytes, count: Int(count), type: type)
    }

    private static func readElements(
        _ bytes: Span<UInt8>, count: Int, type: TypeOID
    ) throws(ReadFailure) -> Self {
        var elements: Self = []
        elements.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard let length = bytes.bigEndian(at: offset, as: Int32.self) else {
                throw .malformed
            }
            offset += 4
            if length == -1 {
                elements.append(try Element.element(nil))
                continue
            }
            guard length >= 0, offset + Int(length) <= bytes.count else { throw .malformed }
            let value = bytes.extracting(offset..<(offset + Int(length)))
            elements.append(try Element.element(Element.Scalar.read(value, of: type)))
            offset += Int(length)
        }
        return elements
    }
}
