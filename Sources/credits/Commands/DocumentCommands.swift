import ArgumentParser
import CreditsAPI
import FoundationEssentials

/// `credits openapi`: the description of the interface, as /openapi.json has it.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 description of the interface.")

    @OptionGroup var destination: DocumentDestination

    func run() throws {
        try destination.deliver(OpenAPIDocument.render(version: ProductVersion.text))
    }
}

/// `credits postman`: the collection that stands in postman_collection.json.
struct PostmanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postman", abstract: "Print the Postman collection (v2.1).")

    @OptionGroup var destination: DocumentDestination

    func run() throws {
        try destination.deliver(PostmanCollection.render(version: ProductVersion.text))
    }
}

/// Where a generated document goes: standard output, a file, or beside a file to compare.
struct DocumentDestination: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write to this file.")
    var file: String?
    @Option(help: "Compare with this file, and exit with 1 if it differs.")
    var check: String?

    func validate() throws {
        guard file == nil || check == nil else {
            throw ValidationError("--output and --check exclude each other")
        }
    }

    func deliver(_ document: [UInt8]) throws {
        if let check { return try compare(document, with: check) }
        guard let file else {
            return StandardStream.output.write(String(decoding: document, as: UTF8.self))
        }
        do {
            try Data(document).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw ProgramFailure(.cannotWrite, "\(file) cannot be written: \(error.systemReason)")
        }
    }

    private func compare(_ document: [UInt8], with path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ProgramFailure(.failure, "\(path) cannot be read")
        }
        guard data != Data(document) else { return }
        let difference = LineDifference(
            expected: String(decoding: document, as: UTF8.self),
            found: String(decoding: data, as: UTF8.self))
        throw ProgramFailure(.failure, "\(path) is not current:\n\(difference.text)")
    }
}
