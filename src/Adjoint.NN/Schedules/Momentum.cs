namespace Adjoint.NN;

/// <summary>The setting of an optimiser that schedules change against the rate: <c>momentum</c>, or the first of <c>betas</c>.</summary>
internal static class Momentum
{
    public static bool IsIn(Optimizer optimizer) => optimizer.Groups.All(group => group.Has("momentum") || group.Has("betas"));

    public static void Set(ParameterGroup group, double value)
    {
        if (group.Has("betas"))
        {
            group["betas"] = (value, group.Pair("betas").Second);
        }
        else
        {
            group["momentum"] = value;
        }
    }
}
