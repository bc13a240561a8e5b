/// Cuts SQL into its statements.
///
/// A semicolon ends one, unless it stands in a string, a comment, a quoted name, parentheses (of
/// CREATE RULE) or the body of a function in SQL (`BEGIN ATOMIC ... END`). What PostgreSQL would
/// run as no statement, comments and further semicolons, belongs to the statement before it.
enum SQLStatements {
    /// - Returns: the SQL in pieces that join to the whole of it.
    static func split(_ sql: String, hasStandardStrings: Bool = true) -> [String] {
        let bytes = Array(sql.utf8)
        var scanner = SQLScanner(bytes, hasStandardStrings: hasStandardStrings)
        var ends: [Int] = []
        var nesting = SQLNesting()
        var isEmpty = true
        while true {
            let start = scanner.position
            guard let token = scanner.next() else { break }
            switch token {
            case .space: continue
            case .semicolon where !nesting.isInside:
                if !isEmpty { ends.append(scanner.position) }
                if !ends.isEmpty { ends[ends.count - 1] = scanner.position }
                (nesting, isEmpty) = (SQLNesting(), true)
            default:
                isEmpty = false
                nesting.note(token, bytes[start..<scanner.position])
            }
        }
        // Behind the last statement nothing is left but what belongs to it.
        if isEmpty { _ = ends.popLast() }
        let starts = [0] + ends
        return zip(starts, ends + [bytes.count]).filter { $0 < $1 }.map { start, end in
            String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

    /// The command of a statement that gives rows, as PostgreSQL's command tag has it: its first
    /// word, or the first behind its WITH.
    static func commandGivingRows(_ statement: String) -> String {
        let bytes = Array(statement.utf8)
        var scanner = SQLScanner(bytes)
        var depth = 0
        while true {
            let start = scanner.position
            guard let token = scanner.next() else { return "SELECT" }
            switch token {
            case .opening: depth += 1
            case .closing: depth -= 1
            case .word where depth == 0:
                let word = String(decoding: bytes[start..<scanner.position], as: UTF8.self)
                if let command = commandsGivingRows[word.uppercased()] { return command }
            default: continue
            }
        }
    }

    private static let commandsGivingRows = [
        "SELECT": "SELECT", "VALUES": "SELECT", "TABLE": "SELECT", "INSERT": "INSERT",
        "UPDATE": "UPDATE", "DELETE": "DELETE", "MERGE": "MERGE", "SHOW": "SHOW",
        "EXPLAIN": "EXPLAIN", "FETCH": "FETCH", "CALL": "CALL", "EXECUTE": "EXECUTE",
    ]
}

/// How deep within a statement the scanner is.
private struct SQLNesting {
    private var parentheses = 0
    /// 1 in the body of a function, and one more in each CASE there, which ends with END too.
    private var bodies = 0
    /// The first words of the statement, as far as they tell that it makes a function.
    private var words: [String] = []
    private var lastWord = ""

    var isInside: Bool { parentheses > 0 || bodies > 0 }

    mutating func note(_ token: SQLScanner.Token, _ text: ArraySlice<UInt8>) {
        switch token {
        case .opening: parentheses += 1
        case .closing: parentheses = max(parentheses - 1, 0)
        case .word where parentheses == 0: note(String(decoding: text, as: UTF8.self).lowercased())
        default: lastWord = ""
        }
    }

    private mutating func note(_ word: String) {
        if words.count < 4 { words.append(word) }
        switch word {
        case "atomic" where bodies == 0 && lastWord == "begin" && makesFunction: bodies = 1
        case "case" where bodies > 0: bodies += 1
        case "end" where bodies > 0: bodies -= 1
        default: break
        }
        lastWord = word
    }

    private var makesFunction: Bool {
        guard words.first == "create" else { return false }
        let rest = words[1...].starts(with: ["or", "replace"]) ? words[3...] : words[1...]
        return rest.first == "function" || rest.first == "procedure"
    }
}
