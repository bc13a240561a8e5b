/// The lines of a `.env` file.
///
/// swift-configuration reads such files too, but keeps quotes as part of the value, does not know
/// `export`, drops what it cannot read without a word, and forgets the lines that a message about a
/// bad value has to name. So the file is read here, and handed to the library as a provider.
///
/// What is understood, line by line: `NAME=value`, `export NAME=value`, blanks around either side,
/// `# comments` on a line of their own or behind a blank, CRLF, a byte order mark, 'single quotes'
/// (everything literal) and "double quotes" (\n, \t, \r, \", \\ and \$). `$NAME` is never replaced:
/// a password may hold a dollar sign. The last of two lines with one name wins.
struct EnvironmentFile: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let name: String
        let value: String
        /// Counted from 1.
        let line: Int
    }

    /// A line that cannot be read.
    struct Malformation: Error, Equatable {
        let line: Int
        let explanation: String
    }

    let path: String
    private(set) var entries: [Entry] = []
    private(set) var malformations: [Malformation] = []

    init(path: String, text: String) {
        self.path = path
        var text = Substring(text)
        if text.unicodeScalars.first == "\u{FEFF}" { text = text.dropFirst() }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            do throws(Malformation) {
                guard let entry = try Self.entry(in: line, number: index + 1) else { continue }
                entries.append(entry)
            } catch {
                malformations.append(error)
            }
        }
    }

    /// The entry that counts for the name: the last one.
    func entry(named name: String) -> Entry? { entries.last { $0.name == name } }

    private static func entry(
        in line: Substring, number: Int
    ) throws(Malformation) -> Entry? {
        let content = line.trimmed
        if content.isEmpty || content.first == "#" { return nil }
        guard let equals = content.firstIndex(of: "=") else {
            throw Malformation(line: number, explanation: "it has no `=`; write NAME=value")
        }
        var name = content[..<equals].trimmed
        if name.hasPrefix("export "), name != "export " { name = name.dropFirst(7).trimmed }
        guard isName(name) else {
            throw Malformation(
                line: number,
                explanation: "`\(name.prefix(40))` is no name; use letters, digits and underscores")
        }
        let text = content[content.index(after: equals)...].trimmed
        let value = try value(of: text, line: number)
        // Names are upper case everywhere else; tools of other languages read them in any case.
        return Entry(name: name.uppercased(), value: value, line: number)
    }

    private static func value(of text: Substring, line: Int) throws(Malformation) -> String {
        switch text.first {
        case "'", "\"": try quoted(text, line: line)
        default: String(withoutComment(text))
        }
    }

    /// A `#` begins a comment at the start or behind a blank; `pass#word` is a value.
    private static func withoutComment(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous.isWhitespace { return text[..<index].trimmed }
            previous = text[index]
        }
        return text
    }

    private static func quoted(_ text: Substring, line: Int) throws(Malformation) -> String {
        let quote = text.first
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let tail = rest.trimmed
                guard tail.isEmpty || tail.first == "#" else {
                    throw Malformation(line: line, explanation: "text follows the closing quote")
                }
                return value
            }
            if character == "\\", quote == "\"", let escaped = rest.first.flatMap(unescaped) {
                rest.removeFirst()
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        throw Malformation(line: line, explanation: "the closing quote is missing")
    }

    private static func unescaped(_ character: Character) -> Character? {
        switch character {
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "\"", "\\", "$": character
        default: nil
        }
    }

    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
