import ArgumentParser

/// How the program ends. The numbers are those of sysexits.h, where it has one for the case.
enum ProgramStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    case usage = 64
    case schema = 65
    case databaseUnavailable = 69
    case internalFault = 70
    case system = 71
    case cannotWrite = 73
    case configuration = 78

    var explanation: String {
        switch self {
        case .success: "done; a server that was told to stop has finished its work"
        case .failure: "failed, a --check found a difference, or verify found one"
        case .usage: "the command line is wrong"
        case .schema: "tables are missing or old and may not, or cannot, be brought up to date"
        case .databaseUnavailable: "the database cannot be reached or started"
        case .internalFault: "a fault in credits; please report it"
        case .system: "the system refused, for instance because the port is taken"
        case .cannotWrite: "the output file cannot be written"
        case .configuration: "a setting is wrong, or the settings together are not safe"
        }
    }

    /// For `--help`.
    static var help: String {
        let rows = allCases.map {
            "  \($0.rawValue)\($0.rawValue < 10 ? "   " : "  ")\($0.explanation)"
        }
        let second = "  130, 143  ended at once by a second SIGINT or SIGTERM"
        return (["EXIT CODES:"] + rows + [second]).joined(separator: "\n")
    }
}

/// A failure that ends the program: the sentences for the user, and the code.
struct ProgramFailure: Error, CustomStringConvertible {
    let status: ProgramStatus
    let description: String

    init(_ status: ProgramStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    init(_ bad: BadConfiguration) {
        self.init(
            .configuration,
            (["bad configuration"] + bad.problems.map { "  " + $0 }).joined(separator: "\n"))
    }
}
