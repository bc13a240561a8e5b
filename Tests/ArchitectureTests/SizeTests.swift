import Testing

@Suite("Sizes")
struct SizeTests {
    static let linesOfAFile = 400
    static let linesOfAFunction = 60
    static let columns = 100

    @Test func `no file is longer than 400 lines`() throws {
        for file in try Repository.current.swiftFiles() {
            #expect(file.lines.count <= Self.linesOfAFile, "\(file): \(file.lines.count) lines")
        }
    }

    @Test func `no line is wider than 100 columns`() throws {
        for file in try Repository.current.swiftFiles() {
            for (number, line) in zip(1..., file.lines) where line.utf8.count > Self.columns {
                #expect(line.count <= Self.columns, "\(file):\(number): \(line.count) columns")
            }
        }
    }

    @Test func `no function is longer than 60 lines`() throws {
        for file in try Repository.current.swiftFiles() {
            for (number, _) in file.code {
                guard let length = Self.functionLength(in: file.lines, at: number - 1) else {
                    continue
                }
                #expect(length <= Self.linesOfAFunction, "\(file):\(number): \(length) lines")
            }
        }
    }

    @Test func `a function's length is counted to its own closing brace`() {
        let lines: [Substring] = [
            "struct S {", "    func short() {}", "    func long(", "        _ a: Int", "    ) {",
            "        if a > 0 {", "        }", "    }", "}", "protocol P {", "    func bare()", "}",
        ]
        #expect(lines.indices.compactMap { Self.functionLength(in: lines, at: $0) } == [1, 6])
    }

    /// The lines from the declaration to its closing brace; `nil` where no function with a body
    /// begins. The formatter guarantees that a body closes at its declaration's indentation.
    private static func functionLength(in lines: [Substring], at start: Int) -> Int? {
        let words = lines[start].split { !$0.isLetter }
        guard lines[start].contains("("),
            words.contains(where: { ["func", "init", "subscript"].contains($0) }),
            !lines[start].contains("= ")
        else { return nil }
        if lines[start].hasSuffix("}") { return 1 }
        let indentation = lines[start].prefix { $0 == " " }.count
        for (offset, line) in lines[start...].enumerated().dropFirst() where !line.isEmpty {
            let depth = line.prefix { $0 == " " }.count
            guard depth <= indentation else { continue }
            let text = line.dropFirst(depth)
            if text.hasPrefix("}") && depth == indentation { return offset + 1 }
            guard depth == indentation, text.hasPrefix(")") || text.hasPrefix("where ") else {
                return nil
            }
        }
        return nil
    }
}
