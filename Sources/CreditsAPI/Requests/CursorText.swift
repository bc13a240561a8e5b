/// How a cursor spells the number that it stands for: behind a letter that tells whose it is,
/// sixteen hexadecimal digits of which the first is at most 7, what Int64 can hold. It invites
/// nobody to compute with it.
struct CursorText: Sendable {
    let letter: Character

    var pattern: String { "^\(letter)[0-7][0-9a-f]{15}$" }

    /// - Precondition: The number is not negative.
    func of(_ number: Int64) -> String {
        let digits = String(number, radix: 16)
        return "\(letter)" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The spelling is canonical: whatever else reads as the same number is none of ours.
    func number(in text: String) -> Int64? {
        guard let number = Int64(text.dropFirst(), radix: 16), number >= 0, of(number) == text
        else { return nil }
        return number
    }
}
