import FoundationEssentials
import Testing

@Suite struct ObligationTests {
    private static let rows: [any Row] =
        AcceptedRow.all as [any Row] + RefusedRow.all + AnswerRow.all + PathRow.all

    /// Each row shows what a section demands; one without a section shows nothing.
    @Test func `every row names a section that obliges a server`() {
        let known = Set(Obligation.all.map(\.section))
        for row in Self.rows {
            #expect(row.section.wholeMatch(of: /\d{4} \d+(\.\d+)*/) != nil, "\(row)")
            #expect(known.contains(row.section), "\(row)")
            #expect(!row.name.isEmpty, "\(row)")
        }
    }

    @Test func `no section stands twice`() {
        let sections = Obligation.all.map(\.section)
        #expect(Set(sections).count == sections.count)
    }

    @Test(arguments: Obligation.all)
    func `every obligation is shown to be met`(obligation: Obligation) throws {
        switch obligation.proof {
        case .rows:
            #expect(Self.rows.contains { $0.section == obligation.section })
        case .test(let file, let name):
            #expect(try text("Tests/" + file).contains(name))
        case .never(let reason):
            #expect(!reason.isEmpty)
        }
    }

    /// A reader of docs/http.md finds for each behaviour its section, and for each section a row.
    @Test func `the documentation names the sections, and no others`() throws {
        let known = Set(Obligation.all.map(\.section))
        let named = Set(sections(in: try text("docs/http.md")))
        #expect(named.subtracting(known).sorted() == [])
        #expect(known.subtracting(named).sorted() == [])
    }

    /// `9112 3, 3.2` names two.
    private func sections(in text: String) -> [String] {
        let list = /(9110|9112|9113|3986) (\d{1,2}(?:\.\d+)*(?:, \d{1,2}(?:\.\d+)*(?!\d))*)/
        return text.matches(of: list).flatMap { match in
            match.2.split(separator: ", ").map { "\(match.1) \($0)" }
        }
    }

    private func text(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
