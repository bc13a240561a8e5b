import FoundationEssentials
import Glibc
import Logging

extension LoadedSettings {
    /// The program's logger. It is passed on, not registered globally.
    func logger() -> Logger {
        let look = StandardErrorLog.Look(
            settings.logFormat, isTerminal: isatty(STDERR_FILENO) == 1,
            environment: ProcessInfo.processInfo.environment)
        let level = settings.logLevel
        return Logger(label: "credits") { label in
            StandardErrorLog(label: label, look: look, logLevel: level)
        }
    }
}
