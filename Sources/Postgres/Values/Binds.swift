/// A statement's parameters in PostgreSQL's binary form, all of them in one buffer.
///
/// libpq wants a pointer and a length for each: an entry remembers where its bytes begin.
package struct Binds: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var types: [UInt32] = []
    private(set) var offsets: [Int] = []
    /// -1 for NULL.
    private(set) var lengths: [Int32] = []

    package var count: Int { types.count }

    mutating func appendNull(of type: TypeOID) {
        types.append(type.rawValue)
        offsets.append(bytes.count)
        lengths.append(-1)
    }

    /// Appends one parameter: whatever `write` adds to the buffer.
    mutating func append(_ type: TypeOID, write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        types.append(type.rawValue)
        offsets.append(start)
        lengths.append(Int32(bytes.count - start))
    }
}

extension [UInt8] {
    /// Network byte order, as everything on PostgreSQL's wire.
    mutating func appendBigEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension Span<UInt8> {
    /// Nil when fewer bytes are left at the offset than the integer has.
    func bigEndian<Integer: FixedWidthInteger>(
        at offset: Int = 0, as type: Integer.Type = Integer.self
    ) -> Integer? {
        let width = Integer.bitWidth / 8
        guard offset >= 0, offset + width <= count else { return nil }
        var value: Integer = 0
        for index in offset..<(offset + width) {
            value = value &<< 8 | Integer(truncatingIfNeeded: self[index])
        }
        return value
    }
}
