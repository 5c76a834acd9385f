namespace Adjoint.Fuzz.Generators;

/// <summary>What a user's function throws; it has to come out as it is.</summary>
internal sealed class UserException() : Exception("thrown by a function of the caller");
