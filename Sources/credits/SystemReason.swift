import FoundationEssentials
import Glibc
import Reactor

extension Error {
    /// Why a file could not be written, in the system's words: Foundation's own are a page of
    /// properties.
    var systemReason: String {
        guard let cause = (self as? CocoaError)?.underlying as? POSIXError else { return "\(self)" }
        return SystemError(call: "write", code: cause.code.rawValue).description
    }
}
