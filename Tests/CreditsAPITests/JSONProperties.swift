// What holds for any bytes that are given as JSON, said once: the mutation tests ask it of seeded
// bytes, and the fuzz target, which is linked to this file, of libFuzzer's.

@testable import CreditsAPI

enum JSONProperties {
    /// The first property that does not hold for the bytes, in words; nil where all of them hold.
    static func broken(by bytes: [UInt8]) -> String? {
        do throws(JSONSyntaxError) {
            let value = try JSONParser.parse(bytes)
            return brokenSpelling(value) ?? brokenEnd(of: bytes, value) ?? brokenNumber(in: value)
        } catch {
            guard error.offset(in: bytes) == nil else { return nil }
            return "it is refused beyond its end: \(error)"
        }
    }

    /// nil where the bytes are refused.
    private static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        do throws(JSONSyntaxError) { return try JSONParser.parse(bytes) } catch { return nil }
    }
}

extension JSONSyntaxError {
    /// The byte that the position names, or the place behind its line's last; nil where it names
    /// none.
    func offset(in bytes: [UInt8]) -> Int? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return nil }
        // A byte of the form 10xxxxxx goes on with the character before it.
        let characters = lines[line - 1].indices.filter { bytes[$0] & 0xC0 != 0x80 }
        guard (1...characters.count + 1).contains(column) else { return nil }
        return column <= characters.count ? characters[column - 1] : lines[line - 1].endIndex
    }
}

// MARK: - What is read is written, and read again

extension JSONProperties {
    /// By bytes, because String takes two spellings of an accent for equal.
    private static func brokenSpelling(_ value: JSONValue) -> String? {
        let written = value.encoded()
        guard parsed(written)?.encoded() == written else {
            return "it reads otherwise once written"
        }
        guard parsed(value.encoded(.indented))?.encoded() == written else {
            return "it reads otherwise once written with indentation"
        }
        let canonical = value.sorted.encoded()
        guard canonical.count == written.count, parsed(canonical)?.sorted.encoded() == canonical
        else { return "it has two canonical spellings" }
        return nil
    }

    /// White space around a text means nothing; half a text, or more than one, is none.
    private static func brokenEnd(of bytes: [UInt8], _ value: JSONValue) -> String? {
        guard parsed(bytes + Array(" \n".utf8))?.encoded() == value.encoded() else {
            return "white space at its end is refused"
        }
        guard parsed(bytes + Array(" x".utf8)) == nil else { return "more after its end is taken" }
        guard let last = bytes.lastIndex(where: { $0 > 0x20 }) else { return "it is taken empty" }
        if case .number = value { return nil }
        return parsed(Array(bytes[..<last])) == nil ? nil : "it is taken without its end"
    }
}

// MARK: - Numbers

extension JSONProperties {
    private static func brokenNumber(in value: JSONValue) -> String? {
        switch value {
        case .null, .bool, .string: nil
        case .number(let number): brokenMeaning(number)
        case .array(let elements): elements.lazy.compactMap(brokenNumber).first
        case .object(let object):
            object.members.lazy.compactMap { brokenNumber(in: $0.value) }.first
        }
    }

    /// Both readings round the same exact number to the nearest double, or neither can.
    private static func brokenMeaning(_ number: JSONNumber) -> String? {
        guard let double = Double(number.lexeme) else { return "\(number.lexeme) is no number" }
        let holds =
            switch number.wholeNumber {
            case .exactly(let integer): double == Double(integer) && number.fitsDouble
            case .outOfRange: abs(double) >= 0x1p63
            // Most of what has a fraction can be no double that has none.
            case .fractional:
                number.lexeme.contains { ".eE".contains($0) } && abs(double) < .infinity
            }
        return holds ? nil : "\(number.lexeme) is \(number.wholeNumber) and \(double)"
    }
}
