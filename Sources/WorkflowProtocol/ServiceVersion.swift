/// The version that all programs are built with.
public enum ServiceVersion {
    /// `major.minor.patch`.
    public static let text = "0.3.1"
}
