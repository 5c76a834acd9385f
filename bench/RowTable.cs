using System.Reflection;

namespace Adjoint.Bench;

/// <summary>The rows of this program and the peer's twins of them, found by reflection: adding a row adds one file.</summary>
public sealed class RowTable
{
    private readonly List<(string Name, Type Type, RowAttribute Attribute)> _rows;
    private readonly Dictionary<Type, ConstructorInfo> _twins = [];

    /// <summary>Finds the rows, and a peer's twins if there is a peer.</summary>
    /// <exception cref="InvalidOperationException">A twin and its row do not have the same name,
    /// one is missing, or two rows share a name.</exception>
    public RowTable(Assembly? peer)
    {
        _rows = [.. from type in typeof(RowTable).Assembly.GetTypes()
            from attribute in type.GetCustomAttributes<RowAttribute>()
            select (attribute.Name, type, attribute)];
        foreach (var name in _rows.GroupBy(row => row.Name).Where(group => group.Count() > 1))
        {
            throw new InvalidOperationException($"two rows are called {name.Key}");
        }

        if (peer is not null)
        {
            Match(peer);
        }
    }

    /// <summary>All names, in the order of the files.</summary>
    public IEnumerable<string> Names => _rows.Select(row => row.Name);

    /// <summary>The names that a list on the command line selects, in the order of the list; all for null.</summary>
    /// <exception cref="UsageException">A name selects nothing.</exception>
    public IReadOnlyList<string> Select(string? list)
    {
        if (list is null)
        {
            return [.. Names];
        }

        var selected = new List<string>();
        foreach (var wanted in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var found = Names.Where(name => name == wanted || name.StartsWith(wanted + "-", StringComparison.Ordinal)).ToList();
            selected.AddRange(found.Count > 0 ? found : throw new UsageException($"there is no row '{wanted}'; --list prints the rows"));
        }

        return selected.Count > 0 ? [.. selected.Distinct()] : throw new UsageException("--rows names no row; --list prints the rows");
    }

    /// <summary>Makes a row, ready to run.</summary>
    public Row Make(string name)
    {
        var (_, type, attribute) = _rows.Single(row => row.Name == name);
        var row = (Row)Activator.CreateInstance(type, [.. attribute.Arguments])!;
        row.Name = name;
        return row;
    }

    /// <summary>Makes the peer's twin of a row; null if there is no peer, or none for this row.</summary>
    public PeerRow? MakeTwin(Row row) =>
        _twins.TryGetValue(row.GetType(), out var constructor) ? (PeerRow)constructor.Invoke([row]) : null;

    private void Match(Assembly peer)
    {
        foreach (var twin in peer.GetTypes().Where(type => type.IsSubclassOf(typeof(PeerRow)) && !type.IsAbstract))
        {
            var constructor = twin.GetConstructors().Single();
            var row = constructor.GetParameters() is [{ ParameterType: var type }] && type.IsSubclassOf(typeof(Row)) ? type : null;
            if (row?.Name != twin.Name)
            {
                throw new InvalidOperationException(
                    $"the peer's {twin.Name} must take a row of the same name, not {row?.Name ?? "something else"}");
            }

            _twins.Add(row, constructor);
        }

        foreach (var (name, type, _) in _rows)
        {
            if (!_twins.ContainsKey(type) && Make(name).Alone is null)
            {
                throw new InvalidOperationException(
                    $"row {name} has no twin called {type.Name} in the peer's program and does not say why it is alone");
            }
        }
    }
}
