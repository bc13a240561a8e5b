import Testing

@Suite("Links of the documentation")
struct LinkTests {
    @Test func `every link to a local file leads to one`() throws {
        let places = [
            "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs", "bench", "chaos", "Tests",
        ]
        for file in try Repository.current.files(in: places, endings: [".md"]) {
            let folder = file.path.split(separator: "/").dropLast()
            for (number, link) in Self.links(in: file) {
                let target = link.prefix { $0 != "#" }
                guard !target.isEmpty, !target.contains(":") else { continue }
                let path = Self.path(target, from: folder.map(String.init))
                #expect(Repository.current.exists(path), "\(file):\(number): \(link)")
            }
        }
    }

    @Test func `links are found, those in code are not`() {
        let text = ["[a](b.md) and [c](d.md#e)", "```", "[no](code)", "```", "`[no](code)`"]
        let file = Repository.File(path: "x.md", lines: text.map { $0[...] })
        #expect(Self.links(in: file).map(\.link) == ["b.md", "d.md#e"])
    }

    private static func links(in file: Repository.File) -> [(number: Int, link: Substring)] {
        var isCode = false
        return zip(1..., file.lines).flatMap { number, line -> [(number: Int, link: Substring)] in
            if line.drop(while: \.isWhitespace).hasPrefix("```") { isCode.toggle() }
            return isCode ? [] : links(in: line).map { (number: number, link: $0) }
        }
    }

    /// What stands between `](` and `)`, outside of backticks.
    private static func links(in line: Substring) -> [Substring] {
        let prose = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? $0.element : "code" }.joined()
        return prose.split(separator: "](", omittingEmptySubsequences: false).dropFirst()
            .map { $0.prefix { $0 != ")" && $0 != " " } }
    }

    private static func path(_ link: Substring, from folder: [String]) -> String {
        var parts = link.hasPrefix("/") ? [] : folder
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}
