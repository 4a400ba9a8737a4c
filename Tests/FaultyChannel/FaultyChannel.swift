import ChannelKit
import Glibc

/// A channel that misbehaves in the way its first argument names; each way is one fault that a real
/// channel's process can have.
@main
enum FaultyChannel {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let fault = Fault(rawValue: name) else { exit(64) }
        start(fault)
        if fault == .usesKit {
            var loop = ChannelMain(KitChannel())
            return loop.run()
        }
        var program = FaultyProgram(fault: fault, argument: arguments.dropFirst().first)
        program.run()
        if fault == .locksItself { unlink("lock") }
    }

    private static func start(_ fault: Fault) {
        switch fault {
        case .ignoresTermination: signal(SIGTERM, SIG_IGN)
        case .printsBanner: Wire.write("Starting up, please wait.\n{\"level\":\"info\"}\n")
        case .diesAtOnce:
            Wire.complain("no such module: provider\n")
            exit(1)
        case .locksItself:
            if open("lock", O_CREAT | O_EXCL | O_CLOEXEC, 0o600) < 0 {
                Wire.complain("another one runs already\n")
                exit(1)
            }
        default: break
        }
    }
}
