// One operator in each family, written as any user would: with public means only. Each is used, differentiated, batched and traced, and the laws of
// Adjoint.Laws are run on it. docs/operators.md says which family is for what.
//
//   dotnet run -c Release --project samples/Operators
using System.Globalization;
using Adjoint.Laws;
using Operators;
using Transforms;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var checks = new Checks();
Pointwise.Run(checks);
Folds.Run(checks);
Linear.Run(checks);
Kernels.Run(checks);
PulledOperators.Run(checks);
Console.WriteLine(checks);
return checks.Failed == 0 ? 0 : 1;

/// <summary>Laws beside the other checks.</summary>
internal static class LawChecks
{
    /// <summary>Prints and counts whether laws hold.</summary>
    public static void Holds(this Checks checks, string what, Action laws)
    {
        try
        {
            laws();
            checks.That(true, what);
        }
        catch (LawException broken)
        {
            checks.That(false, $"{what}: {broken.Message}");
        }
    }
}
