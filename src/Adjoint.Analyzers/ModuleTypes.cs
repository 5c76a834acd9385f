using Microsoft.CodeAnalysis;

namespace Adjoint.Analyzers;

/// <summary>The types that the rules are about, as a compilation knows them.</summary>
/// <param name="module">Adjoint.NN.Module.</param>
/// <param name="tensor">Adjoint.Tensor.</param>
internal sealed class ModuleTypes(INamedTypeSymbol module, INamedTypeSymbol tensor)
{
    /// <summary>The types of a compilation; null if it knows no modules.</summary>
    public static ModuleTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Adjoint.NN.Module") is { } module && compilation.GetTypeByMetadataName("Adjoint.Tensor") is { } tensor
            ? new ModuleTypes(module, tensor)
            : null;

    public bool IsTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, tensor);

    public bool IsModule(ITypeSymbol? type)
    {
        // A type parameter is what its constraints say.
        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (IsModule(constraint))
                {
                    return true;
                }
            }

            return false;
        }

        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, module))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a module, or an array or collection of modules that is no module itself.</summary>
    public bool HoldsModules(ITypeSymbol? type)
    {
        switch (type)
        {
            case null:
                return false;
            case IArrayTypeSymbol array:
                return HoldsModules(array.ElementType);
            case INamedTypeSymbol { TypeArguments.Length: > 0 } named when !IsModule(named) && IsSequence(named):
                foreach (var argument in named.TypeArguments)
                {
                    if (HoldsModules(argument))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return IsModule(type);
        }
    }

    private static bool IsSequence(INamedTypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Collections_IEnumerable)
        {
            return true;
        }

        foreach (var contract in type.AllInterfaces)
        {
            if (contract.SpecialType == SpecialType.System_Collections_IEnumerable)
            {
                return true;
            }
        }

        return false;
    }
}
