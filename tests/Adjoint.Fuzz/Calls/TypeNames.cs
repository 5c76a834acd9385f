namespace Adjoint.Fuzz.Calls;

/// <summary>Types as C# writes them.</summary>
internal static class TypeNames
{
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner) + "?";
        }

        var name = type.Name;
        if (type.IsGenericType)
        {
            var tick = name.IndexOf('`', StringComparison.Ordinal);
            var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
            name = name.StartsWith("ValueTuple`", StringComparison.Ordinal)
                ? $"({arguments})"
                : (tick < 0 ? name : name[..tick]) + $"<{arguments}>";
        }

        return type is { IsNested: true, IsGenericParameter: false } ? Of(type.DeclaringType!) + "." + name : Short(type, name);
    }

    private static string Short(Type type, string name) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => name,
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Double => "double",
        TypeCode.Single => "float",
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.String => "string",
        _ => name,
    };
}
