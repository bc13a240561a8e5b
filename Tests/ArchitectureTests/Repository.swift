import FoundationEssentials
import Glibc

/// The sources as text, for tests that hold the code to its rules.
struct Repository: Sendable {
    /// One text file of the repository.
    struct File: Sendable, CustomStringConvertible {
        /// From the top of the repository.
        let path: String
        let lines: [Substring]

        var description: String { path }

        /// The folder's name below `Sources`.
        var target: Substring? {
            let parts = path.split(separator: "/")
            return parts.first == "Sources" && parts.count > 2 ? parts[1] : nil
        }

        var name: Substring { path.split(separator: "/").last ?? "" }

        /// The lines that are not wholly comment, with their numbers from 1.
        var code: [(number: Int, text: Substring)] {
            zip(1..., lines).filter { !$0.1.drop { $0 == " " }.hasPrefix("//") }
                .map { (number: $0.0, text: $0.1) }
        }
    }

    let top: String

    static let current = Repository(testFile: #filePath)

    /// The top is three names above this file, wherever links lead to it.
    private init(testFile: String) {
        let path = Self.resolved(testFile)
        top = "/" + path.split(separator: "/").dropLast(3).joined(separator: "/")
    }

    /// The files below the folders (or the files named) whose names end so, in order.
    func files(in places: [String], endings: [String]) throws -> [File] {
        try places.flatMap(paths).filter { path in endings.contains { path.hasSuffix($0) } }
            .sorted().map { path in
                let text = try String(contentsOfFile: top + "/" + path, encoding: .utf8)
                var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                if lines.last == "" { lines.removeLast() }
                return File(path: path, lines: lines)
            }
    }

    func swiftFiles(in places: [String] = ["Sources", "Tests", "Package.swift"]) throws -> [File] {
        try files(in: places, endings: [".swift"])
    }

    func folders(in place: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: top + "/" + place)
            .filter { isFolder(place + "/" + $0) && !$0.hasPrefix(".") }.sorted()
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: top + "/" + path) }

    private func paths(_ place: String) throws -> [String] {
        guard isFolder(place) else { return exists(place) ? [place] : [] }
        return try FileManager.default.subpathsOfDirectory(atPath: top + "/" + place)
            .map { place + "/" + $0 }
            .filter { !$0.contains("/.build/") && !$0.contains("/node_modules/") && !isFolder($0) }
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = false
        let exists = FileManager.default.fileExists(
            atPath: top + "/" + path, isDirectory: &isFolder)
        return exists && isFolder
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
