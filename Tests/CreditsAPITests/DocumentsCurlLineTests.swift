import HTTP
import Testing

@testable import CreditsAPI

struct `A curl line` {
    @Test(arguments: RouteTable.routes)
    func `is read by a shell as the route's example`(route: Route) throws {
        let command = try CurlCommand(CurlLine(route).text)
        #expect(command.method == route.method.rawValue)
        #expect(command.url == "http://localhost:8000" + route.examplePath)
        #expect(
            try command.body.map { try JSONParser.parse(Array($0.utf8)) }
                == route.requestBody?.example)
        #expect(
            command.headers.contains("Authorization: Bearer $ADMIN_TOKEN")
                == (route.access != .open))
        #expect(
            command.headers.contains("Content-Type: application/json") == (route.requestBody != nil)
        )
    }

    @Test func `keeps an apostrophe in its word`() throws {
        let reset = try #require(RouteTable.routes.first { $0.operationID == "resetCredits" })
        #expect(try CurlCommand(CurlLine(reset).text).body == #"{"reason":"Season's end"}"#)
    }
}

/// What curl would make of a command line: the options that our lines use, and no others.
private struct CurlCommand {
    enum Mistake: Error {
        case noCurl
        case unknownOption(String)
        case openQuote
    }

    private(set) var method = "GET"
    private(set) var url = ""
    private(set) var headers: [String] = []
    private(set) var body: String?

    init(_ line: String) throws {
        var words = try Self.words(of: line)[...]
        guard words.popFirst() == "curl" else { throw Mistake.noCurl }
        var isMethodGiven = false
        while let word = words.popFirst() {
            switch word {
            case "-X":
                method = words.popFirst() ?? ""
                isMethodGiven = true
            case "-H": headers.append(words.popFirst() ?? "")
            case "-d":
                body = words.popFirst()
                if !isMethodGiven { method = "POST" }
            case _ where word.hasPrefix("-"): throw Mistake.unknownOption(word)
            default: url = word
            }
        }
    }

    /// A POSIX shell's words (XCU 2.2): quotes of both kinds, and the backslash outside of them.
    private static func words(of line: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\" {
                isEscaped = true
            } else if character == " " {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw Mistake.openQuote }
        return words + [word].compactMap { $0 }
    }
}
