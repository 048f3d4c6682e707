namespace Mammo.Codecs.Jpeg2000;

/// <summary>The packets of a tile in the order in which they stand in the codestream (T.800, B.12).</summary>
internal sealed class PacketOrder
{
    // A change of the progression passes over the packets that earlier ones had. No encoder makes so many changes that this takes longer than this
    // many times reading them.
    private const int MostPassedOver = 64;

    private readonly IReadOnlyList<TileComponent> _components;
    private readonly IReadOnlyList<ProgressionChange> _changes;
    private readonly int _layers;
    private readonly long _count;

    public PacketOrder(IReadOnlyList<TileComponent> components, CodingParameters parameters)
    {
        (_components, _layers) = (components, parameters.Style.Layers);
        _count = components.Sum(component => component.Resolutions.Sum(resolution => (long)resolution.PrecinctCount)) * _layers;
        _changes = parameters.Changes.Count > 0
            ? parameters.Changes
            : [new ProgressionChange(0, 0, _layers, int.MaxValue, int.MaxValue, parameters.Style.Order)];
    }

    /// <summary>A precinct's place in the order.</summary>
    private readonly record struct Place(long X, long Y, int Component, Resolution Resolution, int Precinct);

    /// <summary>All packets: each is a precinct's next layer.</summary>
    public IEnumerable<(Resolution Resolution, int Precinct, int Layer)> Packets()
    {
        long given = 0, passedOver = 0;
        foreach (var (place, layer) in _changes.SelectMany(Packets))
        {
            var (resolution, precinct) = (place.Resolution, place.Precinct);
            if (layer == resolution.Layer(precinct))
            {
                yield return (resolution, precinct, layer);
                resolution.Layer(precinct)++;
                if (++given == _count)
                    yield break;
            }
            else if (++passedOver > MostPassedOver * (given + 16))
            {
                throw new CodecException("changes of the progression order repeat too many packets");
            }
        }
    }

    private IEnumerable<(Place Place, int Layer)> Packets(ProgressionChange change)
    {
        var layers = Math.Min(change.LastLayer, _layers);
        return change.Order switch
        {
            Progression.Lrcp => ForEachLayer(layers, [.. Places(change).OrderBy(place => place.Resolution.Number)]),
            Progression.Rlcp => Places(change)
                .GroupBy(place => place.Resolution.Number)
                .OrderBy(group => group.Key)
                .SelectMany(group => ForEachLayer(layers, [.. group])),
            Progression.Rpcl => WithLayers(layers, Places(change).OrderBy(place => place.Resolution.Number).ThenBy(place => place.Y).ThenBy(place => place.X)),
            Progression.Pcrl => WithLayers(layers, Places(change).OrderBy(place => place.Y).ThenBy(place => place.X)),
            _ => WithLayers(layers, Places(change).OrderBy(place => place.Component).ThenBy(place => place.Y).ThenBy(place => place.X)),
        };
    }

    private static IEnumerable<(Place Place, int Layer)> ForEachLayer(int layers, IReadOnlyList<Place> places)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var place in places)
                yield return (place, layer);
        }
    }

    private static IEnumerable<(Place Place, int Layer)> WithLayers(int layers, IEnumerable<Place> places)
    {
        foreach (var place in places)
        {
            for (var layer = 0; layer < layers; layer++)
                yield return (place, layer);
        }
    }

    /// <summary>The precincts that a change covers, by component, resolution and number. Sorting keeps this order among equals.</summary>
    private IEnumerable<Place> Places(ProgressionChange change)
    {
        for (var component = change.FirstComponent; component < Math.Min(change.LastComponent, _components.Count); component++)
        {
            var resolutions = _components[component].Resolutions;
            for (var number = change.FirstResolution; number < Math.Min(change.LastResolution, resolutions.Length); number++)
            {
                var resolution = resolutions[number];
                for (var precinct = 0; precinct < resolution.PrecinctCount; precinct++)
                {
                    var (x, y) = resolution.Position(precinct);
                    yield return new Place(x, y, component, resolution, precinct);
                }
            }
        }
    }
}
