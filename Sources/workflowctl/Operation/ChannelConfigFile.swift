import ArgumentParser
import ConfigurationFile
import JSONLines

/// The configuration of one channel, from a file of its own.
enum ChannelConfigFile {
    /// Reads the file at `path`.
    /// - Throws: `ExitCode` 66 where it cannot be read, or is no object; the reason is on standard error.
    static func read(_ path: String) throws -> JSONObject {
        do throws(ConfigurationFile.Unreadable) {
            if let object = try ConfigurationFile.read(path).object { return object }
        } catch {
            throw refused(path, error.reason)
        }
        throw refused(path, "It has to hold the members of config, such as path: sent.jsonl")
    }

    private static func refused(_ path: String, _ reason: String) -> ExitCode {
        Reporting.failure("\(path): \(reason)", 66)
    }
}
