/// The loops of a process.
package struct EventLoopGroup: Sendable {
    package let loops: [EventLoop]

    /// `count` loops, labelled `label.0`, `label.1` and so on.
    package init(count: Int, label: String) throws(SystemError) {
        precondition(count > 0, "a group has at least one loop")
        var loops: [EventLoop] = []
        do throws(SystemError) {
            for index in 0..<count {
                loops.append(try EventLoop(label: "\(label).\(index)"))
            }
        } catch {
            for loop in loops { loop.close() }
            throw error
        }
        self.loops = loops
    }

    package func close() {
        for loop in loops { loop.close() }
    }
}
