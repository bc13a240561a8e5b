// A second opinion on what is JSON, and on what it says: Foundation's JSONSerialization, which has
// a parser of its own. Where the two differ on purpose:
//
//   what stands in the text                      ours          Foundation's
//   the same name twice in an object             refused       the last one counts
//   a comma before ] or }                        refused       taken
//   64 levels or more                            refused       taken, up to 512
//   UTF-16, UTF-32                               refused       taken, if four bytes look like it
//   a number beyond double precision             taken         refused, or rounded
//   U+FEFF in a name                             kept          lost
//
// On lone surrogates, on bytes that are no UTF-8 and on a byte order mark of UTF-8 they agree.

@testable import CreditsAPI
import Foundation

enum FoundationOracle {
    /// What we and Foundation read differently, in words; nil where we do not.
    static func difference(over bytes: [UInt8]) -> String? {
        guard !mayBeWide(bytes) else { return nil }
        let theirs = try? JSONSerialization.jsonObject(
            with: Data(bytes), options: [.fragmentsAllowed])
        do throws(JSONSyntaxError) {
            let ours = try JSONParser.parse(bytes)
            guard let theirs else {
                return ours.fitsDoubles ? "Foundation refuses it, and we do not" : nil
            }
            let hasMark = ours.encoded().firstRange(of: mark) != nil
            return hasMark || isSame(ours, theirs)
                ? nil : "Foundation reads \(theirs), and we \(ours)"
        } catch {
            let isOnPurpose = theirs == nil || isStricter(error, about: bytes)
            return isOnPurpose ? nil : "Foundation takes it, and we say \(error)"
        }
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Foundation guesses at UTF-16 and UTF-32 by the zeros among the first bytes.
    private static func mayBeWide(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4).contains { [0x00, 0xFE, 0xFF].contains($0) }
    }

    private static func isStricter(_ error: JSONSyntaxError, about bytes: [UInt8]) -> Bool {
        if error.explanation.contains("a second time") { return true }
        if error.explanation.contains("more than 64 deep") { return true }
        guard let offset = error.offset(in: bytes), offset < bytes.count else { return false }
        let before = bytes[..<offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return before == UInt8(ascii: ",") && [0x5D, 0x7D].contains(bytes[offset])
    }

    private static func isSame(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours {
        case .null: return theirs is NSNull
        case .bool(let bool): return (theirs as? Bool) == bool
        case .number(let number):
            guard number.fitsDouble, let double = Double(number.lexeme) else { return true }
            // Foundation takes a detour over Decimal, and loses the last bits there.
            let difference = ((theirs as? NSNumber)?.doubleValue ?? .nan) - double
            return abs(difference) <= abs(double) * 1e-14
        case .string(let text): return (theirs as? String)?.utf8.elementsEqual(text.utf8) == true
        case .array(let elements):
            guard let theirs = theirs as? [Any], theirs.count == elements.count else {
                return false
            }
            return zip(elements, theirs).allSatisfy(isSame)
        case .object(let object): return isSame(object, theirs)
        }
    }

    private static func isSame(_ object: JSONObject, _ theirs: Any) -> Bool {
        guard let theirs = theirs as? [String: Any] else { return false }
        // Two spellings of one accent are one key to String, and two names to us.
        let names = Set(object.members.map(\.name))
        guard names.count == object.members.count else { return true }
        return theirs.count == names.count
            && object.members.allSatisfy { member in
                theirs[member.name].map { isSame(member.value, $0) } ?? false
            }
    }
}

extension JSONValue {
    fileprivate var fitsDoubles: Bool {
        switch self {
        case .null, .bool, .string: true
        case .number(let number): number.fitsDouble
        case .array(let elements): elements.allSatisfy(\.fitsDoubles)
        case .object(let object): object.members.allSatisfy(\.value.fitsDoubles)
        }
    }
}
