import HTTP
import Testing

@Suite struct FieldsTests {
    private func lines(_ fields: Fields) -> [String] {
        fields.map { "\($0.name): \($0.value)" }
    }

    @Test func `fields keep their order and their spelling`() {
        var fields: Fields = ["B": "1", "a": "2"]
        fields.append("b", "3")
        #expect(lines(fields) == ["B: 1", "a: 2", "b: 3"])
        #expect(fields.count == 3)
    }

    @Test func `names are compared without regard to case`() {
        let fields: Fields = ["Content-Type": "x", "X-A": "1", "x-a": "2"]
        #expect(fields[.contentType] == "x")
        #expect(fields["content-TYPE"] == "x")
        #expect(fields["X-a"] == "1")
        #expect(fields.values(of: "X-A") == ["1", "2"])
        #expect(fields["X-AB"] == nil)
        #expect(!fields.contains("X"))
    }

    @Test func `a value is read as bytes too, and lines are counted`() {
        let fields: Fields = ["Host": " a:1 ", "X": "1", "x": "2"]
        #expect(fields.value(of: .host).map(Array.init) == Array(" a:1 ".utf8))
        #expect(fields.value(of: .origin) == nil)
        #expect(fields.count(of: "X") == 2)
        #expect(fields.count(of: .origin) == 0)
    }

    @Test func `bytes and whole fields are appended as values are`() {
        var fields: Fields = ["A": "1"]
        fields.append("B", Array("2\r\n".utf8))
        fields.append(contentsOf: ["C": "3", "a": "4"])
        #expect(lines(fields) == ["A: 1", "B: 2  ", "C: 3", "a: 4"])
        #expect(fields["c"] == "3")
        #expect(fields.values(of: "A") == ["1", "4"])
    }

    @Test func `setting and removing concern every line under the name`() {
        var fields: Fields = ["A": "1", "B": "2", "a": "3"]
        fields.set("a", "4")
        #expect(lines(fields) == ["B: 2", "a: 4"])
        fields.remove("A")
        #expect(lines(fields) == ["B: 2"])
        fields.remove("C")
        #expect(lines(fields) == ["B: 2"])
    }

    @Test func `removing a line leaves the bytes of the others`() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        var fields: Fields = ["A": "1"]
        fields.append("B", bytes)
        fields.append("a", "2")
        fields.append("B", "3")
        fields.remove("A")
        #expect(try #require(fields.value(of: "B")).elementsEqual(bytes))
        #expect(fields.values(of: "B").last == "3")
    }

    @Test(arguments: [
        ("a\r\nb", "a  b"), ("a\0b", "a b"), ("a\tb", "a\tb"), ("ü", "ü"), ("\u{7F}", " "),
    ])
    func `control bytes become spaces`(value: String, kept: String) {
        #expect((["X": value] as Fields)["X"] == kept)
    }

    @Test(arguments: ["", " ", "a b", "a:", "ü", "a\r\nb", "(a)", "a\0"])
    func `a name or a method is a token`(text: String) {
        #expect(FieldName(text) == nil)
        #expect(Method(rawValue: text) == nil)
    }

    @Test func `names are equal when they differ in case only, and methods are not`() {
        #expect(FieldName("ETag") == FieldName("etag"))
        #expect(Set<FieldName>(["A", "a", "b"]).count == 2)
        #expect(FieldName("a^b") != FieldName("a~b"))
        #expect(Method(rawValue: "GET") == .get)
        #expect(Method(rawValue: "get") != .get)
    }

    @Test func `statuses are compared by code and know what they allow`() {
        #expect(Status.ok != .created)
        #expect(Status.created.isSuccess && !Status.found.isSuccess)
        #expect(!Status.noContent.allowsContent && Status.notFound.allowsContent)
        #expect("\(Status.contentTooLarge)" == "413 Content Too Large")
        #expect(Version.http10 < .http11)
    }
}
