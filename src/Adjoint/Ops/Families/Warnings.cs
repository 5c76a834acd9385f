namespace Adjoint.Ops.Families;

/// <summary>Where every floor from the operators up says what is legal but probably not meant; <c>Autograd.Warning</c> hands it to users.</summary>
internal static class Warnings
{
    public static event Action<string>? Raised;

    public static void Raise(string message) => Raised?.Invoke(message);
}
