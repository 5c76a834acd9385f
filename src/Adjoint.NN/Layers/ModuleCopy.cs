namespace Adjoint.NN;

/// <summary>Copies of layers, such as those that a transformer is made of.</summary>
internal static class ModuleCopy
{
    /// <summary>Gives a module the values of another with the same settings, and a source of random numbers for its dropout.</summary>
    public static void Of(Module from, Module to, Generator? generator)
    {
        using (Autograd.NoGrad())
        {
            foreach (var ((_, value), (_, copy)) in from.NamedParameters().Zip(to.NamedParameters()))
            {
                _ = copy.Copy_(value);
            }
        }

        foreach (var (_, module) in to.NamedModules())
        {
            switch (module)
            {
                case DropoutLayer dropout:
                    dropout.Generator = generator;
                    break;
                case MultiheadAttention attention:
                    attention.Generator = generator;
                    break;
            }
        }
    }

    /// <summary>Several copies of a layer, which itself is not among them.</summary>
    public static ModuleList<M> Of<M>(Func<M> copy, int count)
        where M : Module
    {
        Limits.ThrowIfNegative(count);
        var list = new ModuleList<M>();
        for (var i = 0; i < count; i++)
        {
            list.Add(copy());
        }

        return list;
    }
}
