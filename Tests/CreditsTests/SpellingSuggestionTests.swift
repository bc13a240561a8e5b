import Testing

@testable import credits

struct SpellingSuggestionTests {
    @Test(arguments: [
        ("PROT", "PORT"), ("POR", "PORT"), ("PORTS", "PORT"), ("DATABASE_URI", "DATABASE_URL"),
        ("DATABASEURL", "DATABASE_URL"), ("LOGLEVEL", "LOG_LEVEL"), ("ADMIN_TOKEN_", "ADMIN_TOKEN"),
        ("SECRET_KEY", nil), ("HOME", nil), ("X", nil), ("", nil),
    ])
    func `a slip or two still find the name`(word: String, name: String?) {
        let names = ["HOST", "PORT", "DATABASE_URL", "LOG_LEVEL", "ADMIN_TOKEN"]
        #expect(SpellingSuggestion.nearest(to: word, among: names) == name)
    }
}
