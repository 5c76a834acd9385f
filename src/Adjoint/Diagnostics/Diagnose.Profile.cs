namespace Adjoint;

/// <content>Where the time goes.</content>
public static partial class Diagnose
{
    /// <summary>
    /// Counts calls, time and bytes of every operator and of its backward part, until the scope is disposed; follows <c>await</c>.
    /// </summary>
    /// <example><code>
    /// using var profile = Diagnose.Profile();
    /// Loss(x).Backward();
    /// Console.WriteLine(profile);
    /// </code></example>
    public static OperatorProfile Profile() => new();
}
