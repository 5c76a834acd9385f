namespace Adjoint.Conformance.Cases;

/// <summary>Something that a case needs and the library does not have: an operator or a dtype. Such a case is unsupported, not failed.</summary>
internal sealed class MissingException(string what) : Exception(what);
