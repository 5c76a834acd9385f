namespace Adjoint.Fuzz.Generators;

/// <summary>A value and the C# that makes it; the text is empty unless the call is to be described.</summary>
internal readonly record struct Made(object? Value, string Text);
