import WorkflowModel

extension MailAddress {
    /// The address as it stands in a header.
    var header: String {
        guard let name, !name.isEmpty else { return address }
        return "\(HeaderText.phrase(name)) <\(address)>"
    }
}
