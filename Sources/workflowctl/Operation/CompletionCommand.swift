import ArgumentParser

/// The script by which a shell completes commands and options.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            bash: workflowctl completion bash > ~/.local/share/bash-completion/completions/workflowctl
            zsh:  workflowctl completion zsh > ~/.zfunc/_workflowctl (with ~/.zfunc in fpath)
            fish: workflowctl completion fish > ~/.config/fish/completions/workflowctl.fish
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var shell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }

        var place: String {
            switch self {
            case .bash: "~/.local/share/bash-completion/completions/workflowctl"
            case .zsh: "~/.zfunc/_workflowctl"
            case .fish: "~/.config/fish/completions/workflowctl.fish"
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        Terminal.output.print(Workflowctl.completionScript(for: shell.shell))
        Terminal.output.print(
            "# To install: workflowctl completion \(shell.rawValue) > \(shell.place)")
    }
}
