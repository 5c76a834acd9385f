using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// Where the types of an assembly stand in the source tree, from the symbols embedded in it: the documents of its
/// methods and, for types without any code, the document that the compiler notes instead.
/// </summary>
public static class SourceFolders
{
    // "TypeDefinitionDocuments" of the portable PDB format: the documents of a type that has no method body.
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>The folders that each outermost type is written in, relative to its project and with '/' between
    /// names; the project's own folder is the empty string. Types that no hand wrote are left out.</summary>
    /// <param name="assembly">An assembly with embedded symbols.</param>
    /// <param name="project">The project's folder relative to the repository, such as <c>src/Adjoint</c>.</param>
    public static Dictionary<TypeName, SortedSet<string>> Of(Assembly assembly, string project)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var entry = file.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = file.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        var metadata = file.GetMetadataReader();
        var pdb = symbols.GetMetadataReader();

        var folders = new Dictionary<TypeName, SortedSet<string>>();
        foreach (var type in metadata.TypeDefinitions)
        {
            var name = TypeName.Outermost(metadata, type);
            foreach (var document in Documents(metadata, pdb, type))
            {
                if (Folder(pdb.GetString(pdb.GetDocument(document).Name), project) is not { } folder) continue;
                if (!folders.TryGetValue(name, out var known)) folders[name] = known = new(StringComparer.Ordinal);
                known.Add(folder);
            }
        }
        return folders;
    }

    private static IEnumerable<DocumentHandle> Documents(
        MetadataReader metadata, MetadataReader pdb, TypeDefinitionHandle type)
    {
        foreach (var method in metadata.GetTypeDefinition(type).GetMethods())
        {
            var document = pdb.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document;
            if (!document.IsNil) yield return document;
        }
        foreach (var handle in pdb.GetCustomDebugInformation(type))
        {
            var information = pdb.GetCustomDebugInformation(handle);
            if (pdb.GetGuid(information.Kind) != TypeDocuments) continue;
            foreach (var row in Rows(pdb.GetBlobReader(information.Value)))
                yield return MetadataTokens.DocumentHandle(row);
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
