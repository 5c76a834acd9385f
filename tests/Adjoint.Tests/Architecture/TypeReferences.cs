using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Adjoint.Tests.Architecture;

/// <summary>A type in one of the folders that it is written in.</summary>
/// <param name="Type">The outermost type.</param>
/// <param name="Folder">Where the member stands, or the type's fields.</param>
public readonly record struct Place(TypeName Type, string Folder)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} ({Folder})";
}

/// <summary>A member of an assembly naming a type, or a member of a type, of the same assembly.</summary>
/// <param name="From">The place that names.</param>
/// <param name="To">The place that is named: a method's own folder, otherwise the type's.</param>
/// <param name="Name">What is named.</param>
public readonly record struct TypeReference(Place From, Place To, string Name);

/// <summary>
/// Everything that the members of one compiled assembly name in that same assembly: bases, interfaces, constraints,
/// attributes, signatures, locals, and each token in each method body. Nested types, lambdas and iterators included,
/// they count for the outermost type around them, in the folder where they are written.
/// </summary>
/// <remarks>
/// The compiled form is read, not the source, because an alias, a <c>using</c> or an extension call hides a name in
/// the source. What the compiler folds away (constants, <c>nameof</c>) is invisible here.
/// </remarks>
public sealed class TypeReferences
{
    private static readonly OpCode?[] OneByte = Table(0x00);
    private static readonly OpCode?[] TwoBytes = Table(0xFE);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly SourceFolders _folders;
    private readonly Collector _collector;
    private readonly HashSet<TypeReference> _found = [];
    private readonly HashSet<MethodDefinitionHandle> _called = [];

    private TypeReferences(PEReader file, SourceFolders folders)
    {
        _file = file;
        _folders = folders;
        _metadata = file.GetMetadataReader();
        _collector = new Collector(_metadata);
    }

    /// <summary>Reads the references inside <paramref name="assembly"/> from its file.</summary>
    public static IReadOnlySet<TypeReference> Of(Assembly assembly, SourceFolders folders)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = new TypeReferences(file, folders);
        foreach (var type in reader._metadata.TypeDefinitions) reader.Read(type);
        return reader._found;
    }

    private void Read(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var name = TypeName.Outermost(_metadata, handle);

        Visit(type.BaseType);
        Attributes(type.GetCustomAttributes());
        Constraints(type.GetGenericParameters());
        foreach (var i in type.GetInterfaceImplementations()) Visit(_metadata.GetInterfaceImplementation(i).Interface);
        foreach (var f in type.GetFields())
        {
            var field = _metadata.GetFieldDefinition(f);
            // Lambdas of all folders share one type; what its fields name, their own signatures name too.
            if (_metadata.StringComparer.Equals(type.Name, "<>c")) continue;
            field.DecodeSignature(_collector, null);
            Attributes(field.GetCustomAttributes());
        }
        foreach (var p in type.GetProperties()) Attributes(_metadata.GetPropertyDefinition(p).GetCustomAttributes());
        Keep(name, FolderOfNested(type, name));

        foreach (var m in type.GetMethods())
        {
            Read(_metadata.GetMethodDefinition(m));
            Keep(name, _folders.Of(m, name));
        }
    }

    // What a lambda captures is named where the lambda is written.
    private string? FolderOfNested(TypeDefinition type, TypeName name)
    {
        if (type.GetDeclaringType().IsNil) return _folders.HomeOf(name);
        var folders = type.GetMethods().Select(m => _folders.Of(m)).OfType<string>().Distinct().ToList();
        return folders is [var single] ? single : _folders.HomeOf(name);
    }

    private void Keep(TypeName name, string? folder)
    {
        if (folder is not null)
        {
            var from = new Place(name, folder);
            foreach (var named in _collector.Named)
            {
                var to = TypeName.Outermost(_metadata, named);
                if (_folders.HomeOf(to) is { } home) Keep(from, new(to, home), to.Name);
            }

            foreach (var called in _called)
            {
                var method = _metadata.GetMethodDefinition(called);
                var to = TypeName.Outermost(_metadata, method.GetDeclaringType());
                if (_folders.Of(called, to) is { } place) Keep(from, new(to, place), $"{to.Name}.{_metadata.GetString(method.Name)}");
            }
        }

        _collector.Named.Clear();
        _called.Clear();
    }

    private void Keep(Place from, Place to, string name)
    {
        if (to != from) _found.Add(new TypeReference(from, to, name));
    }

    private void Read(MethodDefinition method)
    {
        method.DecodeSignature(_collector, null);
        Attributes(method.GetCustomAttributes());
        Constraints(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0) return;

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) Visit(body.LocalSignature);
        foreach (var region in body.ExceptionRegions) Visit(region.CatchType);
        var il = body.GetILReader();
        while (il.RemainingBytes > 0) ReadInstruction(ref il);
    }

    private void ReadInstruction(ref BlobReader il)
    {
        var first = il.ReadByte();
        var code = (first == 0xFE ? TwoBytes[il.ReadByte()] : OneByte[first])
            ?? throw new BadImageFormatException($"Unknown instruction 0x{first:X2}.");
        switch (code.OperandType)
        {
            case OperandType.InlineType:
            case OperandType.InlineMethod:
            case OperandType.InlineField:
            case OperandType.InlineTok:
            case OperandType.InlineSig:
                Visit(MetadataTokens.EntityHandle(il.ReadInt32()));
                break;
            case OperandType.InlineSwitch:
                var targets = il.ReadInt32();
                il.Offset += 4 * targets;
                break;
            default:
                il.Offset += Size(code.OperandType);
                break;
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void Visit(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _collector.Named.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_collector, null);
                break;
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                if (_metadata.GetTypeDefinition(method.GetDeclaringType()).GetDeclaringType().IsNil) _called.Add((MethodDefinitionHandle)handle);
                else Visit(method.GetDeclaringType());
                method.DecodeSignature(_collector, null);
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                Visit(field.GetDeclaringType());
                field.DecodeSignature(_collector, null);
                break;
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Visit(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Method) member.DecodeMethodSignature(_collector, null);
                else member.DecodeFieldSignature(_collector, null);
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Visit(generic.Method);
                generic.DecodeSignature(_collector, null);
                break;
            case HandleKind.StandaloneSignature:
                var signature = _metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
                    signature.DecodeLocalSignature(_collector, null);
                else
                    signature.DecodeMethodSignature(_collector, null);
                break;
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var a in attributes) Visit(_metadata.GetCustomAttribute(a).Constructor);
    }

    private void Constraints(GenericParameterHandleCollection parameters)
    {
        foreach (var p in parameters)
            foreach (var c in _metadata.GetGenericParameter(p).GetConstraints())
                Visit(_metadata.GetGenericParameterConstraint(c).Type);
    }

    private static OpCode?[] Table(int prefix)
    {
        var table = new OpCode?[256];
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var code = (OpCode)field.GetValue(null)!;
            var value = (ushort)code.Value;
            if (value >> 8 == prefix) table[value & 0xFF] = code;
        }
        return table;
    }

    /// <summary>A signature decoder that keeps nothing but the type definitions it passes.</summary>
    private sealed class Collector(MetadataReader metadata) : ISignatureTypeProvider<bool, object?>
    {
        public HashSet<TypeDefinitionHandle> Named { get; } = [];

        public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Named.Add(handle);

        public bool GetTypeFromSpecification(
            MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            metadata.GetTypeSpecification(handle).DecodeSignature(this, context);

        public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => false;
        public bool GetArrayType(bool elementType, ArrayShape shape) => false;
        public bool GetByReferenceType(bool elementType) => false;
        public bool GetFunctionPointerType(MethodSignature<bool> signature) => false;
        public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => false;
        public bool GetGenericMethodParameter(object? context, int index) => false;
        public bool GetGenericTypeParameter(object? context, int index) => false;
        public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => false;
        public bool GetPinnedType(bool elementType) => false;
        public bool GetPointerType(bool elementType) => false;
        public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => false;
        public bool GetSZArrayType(bool elementType) => false;
    }
}
