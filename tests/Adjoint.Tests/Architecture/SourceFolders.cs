using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// Where the types and methods of an assembly stand in the source tree, from the symbols embedded in it: the documents of
/// methods and, for types without any code, the document that the compiler notes instead. Folders are relative to the
/// project, with '/' between names; the project's own folder is the empty string. What no hand wrote has none.
/// </summary>
public sealed class SourceFolders
{
    // "TypeDefinitionDocuments" of the portable PDB format: the documents of a type that has no method body.
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<MethodDefinitionHandle, string> _ofMethods = [];
    private readonly Dictionary<TypeName, SortedSet<string>> _all = [];
    private readonly Dictionary<TypeName, string> _homes = [];

    private SourceFolders(MetadataReader metadata, MetadataReader pdb, string project)
    {
        var methods = new Dictionary<(TypeName, string), int>();
        foreach (var type in metadata.TypeDefinitions)
        {
            var name = TypeName.Outermost(metadata, type);
            foreach (var (method, document) in Documents(metadata, pdb, type))
            {
                if (Folder(pdb.GetString(pdb.GetDocument(document).Name), project) is not { } folder) continue;
                if (!_all.TryGetValue(name, out var known)) _all[name] = known = new(StringComparer.Ordinal);
                known.Add(folder);
                if (method.IsNil) continue;
                methods[(name, folder)] = methods.GetValueOrDefault((name, folder)) + 1;
                _ofMethods[method] = folder;
                // The body of an iterator stands in a type of its own, and what a caller names is empty.
                var kickoff = pdb.GetMethodDebugInformation(method.ToDebugInformationHandle()).GetStateMachineKickoffMethod();
                if (!kickoff.IsNil) _ofMethods[kickoff] = folder;
                if (IsConstructor(metadata, type, method)) _homes[name] = folder;
            }
        }

        // A type without constructors has no fields of objects; where most of it is written is what its name stands for.
        foreach (var (name, folders) in _all) _homes.TryAdd(name, folders.MaxBy(folder => methods.GetValueOrDefault((name, folder)))!);
    }

    /// <summary>The folders that each outermost type is written in.</summary>
    public IReadOnlyDictionary<TypeName, SortedSet<string>> All => _all;

    /// <summary>Reads the symbols of an assembly.</summary>
    /// <param name="assembly">An assembly with embedded symbols.</param>
    /// <param name="project">The project's folder relative to the repository, such as <c>src/Adjoint</c>.</param>
    public static SourceFolders Of(Assembly assembly, string project)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var entry = file.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = file.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        return new(file.GetMetadataReader(), symbols.GetMetadataReader(), project);
    }

    /// <summary>Where a type's constructor and with it its fields stand: one folder, also of a type that is written in many.</summary>
    public string? HomeOf(TypeName type) => _homes.GetValueOrDefault(type);

    /// <summary>Where a method stands; that of its type if it has no text of its own.</summary>
    public string? Of(MethodDefinitionHandle method, TypeName type) => _ofMethods.GetValueOrDefault(method) ?? HomeOf(type);

    /// <summary>Where a method stands; null if it has no text of its own.</summary>
    public string? Of(MethodDefinitionHandle method) => _ofMethods.GetValueOrDefault(method);

    private static bool IsConstructor(MetadataReader metadata, TypeDefinitionHandle type, MethodDefinitionHandle method) =>
        metadata.GetTypeDefinition(type).GetDeclaringType().IsNil
        && metadata.StringComparer.Equals(metadata.GetMethodDefinition(method).Name, ".ctor");

    private static IEnumerable<(MethodDefinitionHandle Method, DocumentHandle Document)> Documents(
        MetadataReader metadata, MetadataReader pdb, TypeDefinitionHandle type)
    {
        foreach (var method in metadata.GetTypeDefinition(type).GetMethods())
        {
            var document = pdb.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document;
            if (!document.IsNil) yield return (method, document);
        }
        foreach (var handle in pdb.GetCustomDebugInformation(type))
        {
            var information = pdb.GetCustomDebugInformation(handle);
            if (pdb.GetGuid(information.Kind) != TypeDocuments) continue;
            foreach (var row in Rows(pdb.GetBlobReader(information.Value)))
                yield return (default, MetadataTokens.DocumentHandle(row));
        }
    }

    private static List<int> Rows(BlobReader blob)
    {
        var rows = new List<int>();
        while (blob.RemainingBytes > 0) rows.Add(blob.ReadCompressedInteger());
        return rows;
    }

    private static string? Folder(string document, string project)
    {
        var path = document.Replace('\\', '/');
        var start = path.LastIndexOf($"/{project}/", StringComparison.Ordinal);
        if (start < 0) return null;
        var inside = path[(start + project.Length + 2)..];
        if (inside.StartsWith("obj/", StringComparison.Ordinal)) return null;
        return inside.Contains('/') ? inside[..inside.LastIndexOf('/')] : "";
    }
}
