import Testing

@testable import credits

struct LineDifferenceTests {
    @Test(arguments: [
        ("a\nb\nc", "a\nx\nc", "line 2:\n  - x\n  + b"),
        ("a\nb", "a", "line 2:\n  + b"),
        ("a", "a\nb", "line 2:\n  - b"),
        (
            "1\n2\n3\n4\n5\n6\n7", "",
            "line 1:\n  - \n  + 1\n  + 2\n  + 3\n  + 4\n  + 5\n  + ... 2 more"
        ),
    ])
    func `the first lines that differ are shown`(expected: String, found: String, text: String) {
        #expect(LineDifference(expected: expected, found: found).text == text)
    }
}
