/// Variables that tests need in their own environment, set before any other thread runs.
///
/// `setenv` while another thread reads the environment, as each start of a child does, ends the process
/// with a bad pointer now and then.
