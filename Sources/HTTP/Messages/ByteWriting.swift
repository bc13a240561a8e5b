/// Appending text to bytes without a detour over iterators: heads are made of short pieces.
extension [UInt8] {
    mutating func append(_ text: String) {
        let bytes = text.utf8.span
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }

    /// A number that is not negative.
    mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
