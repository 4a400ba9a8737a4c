public import WorkflowModel

/// A message of one version of a workflow.
///
/// This is the only way from an address to a step: an address comes out of a key, a channel may write
/// any key, and there is no place for numbers that name no message of the version.
public struct MessagePlace: Hashable, Sendable {
    /// The address that names it.
    public let address: MessageAddress
    /// The step's id.
    public let stepID: String
    /// The channel of the variant.
    public let channel: String

    /// The place of `address` in `timeline`; nil where there is no such step, it is no message, or it
    /// has no such variant.
    public init?(_ address: MessageAddress, in timeline: Timeline) {
        guard timeline.nodes.indices.contains(address.node),
            case .message(let step) = timeline.nodes[address.node].step.action,
            step.variants.indices.contains(address.variant)
        else { return nil }
        self.address = address
        stepID = timeline.nodes[address.node].step.id
        channel = step.variants[address.variant].channel
    }
}
