using System.Reflection.Metadata;

namespace Adjoint.Tests.Architecture;

/// <summary>The name of an outermost type, split as the metadata splits it.</summary>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="Name">The name with its arity suffix.</param>
public readonly record struct TypeName(string Namespace, string Name)
{
    /// <summary>The name of the type that <paramref name="handle"/> is nested in, or its own.</summary>
    public static TypeName Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return new TypeName(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : Namespace + "." + Name;
}
