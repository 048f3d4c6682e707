using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Finds for every weight of a group's layers its array in the file. A layer of its own: by the weight's word. A nested model, which is one group: by equal
/// names;
/// else by Keras's order (trainable weights first, layer by layer) if every name, word and shape bears it out; else by related names if these leave one way
/// only.
/// Anything else is an error.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="group">The group's name.</param>
internal sealed class KerasWeightMatcher(string path, string group)
{
    /// <summary>Pairs weights (by path name) with arrays.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>.</exception>
    public IReadOnlyList<(KerasLeaf Leaf, WeightShape Weight, HdfArray Array)> Match(IReadOnlyList<KerasLeaf> leaves, IReadOnlyList<HdfArray> arrays)
    {
        var named = arrays.Select(array => (Array: array, Name: KerasWeightName.Parse(array.Name))).ToList();
        var wanted = leaves.Sum(leaf => leaf.Weights.Length);
        if (named.Count != wanted)
            throw Mismatch($"the file has {named.Count} arrays where the network needs {wanted}");
        if (named.FirstOrDefault(item => item.Name.Word is null).Array is { } unknown)
            throw Mismatch($"'{unknown.Name}' is no name of a weight");
        if (leaves is [{ LocalPath: "" } single])
            return OfLayer(single, named);
        var bundles = named.GroupBy(item => item.Name.Owner).ToDictionary(bundle => bundle.Key, bundle => bundle.ToList());
        return ByName(leaves, bundles, 4) ?? ByName(leaves, bundles, 3) ?? InOrder(leaves, named) ?? ByName(leaves, bundles, 2) ?? ByName(leaves, bundles, 1)
            ?? throw Mismatch($"its arrays ({string.Join(", ", arrays.Take(3).Select(array => Short(array.Name)))}, ...) cannot be distinguished by name "
                + "and shape");
    }

    /// <summary>Whether the array has the word and, turned, the shape of the weight.</summary>
    private static bool Fits(KerasLeaf leaf, WeightShape weight, HdfArray array, string? word) =>
        IsWord(leaf, weight, word)
            && array.Shape.SequenceEqual(KerasLayout.KerasShape(weight.Shape, KerasLayout.DepthMultiplier(leaf.Layer.Kind, Word(weight))));

    // Keras 3 calls the kernel of a depthwise convolution just that.
    private static bool IsWord(KerasLeaf leaf, WeightShape weight, string? word) =>
        word == Word(weight) || (word == "kernel" && leaf.Layer.Kind is LayerKind.DepthwiseConv2D && Word(weight) == "depthwise_kernel");

    private static string Word(WeightShape weight) => weight.Name[(weight.Name.LastIndexOf('/') + 1)..];

    private static List<(KerasLeaf, WeightShape, HdfArray)>? InOrder(IReadOnlyList<KerasLeaf> leaves, List<(HdfArray Array, KerasWeightName Name)> named)
    {
        var all = leaves.SelectMany(leaf => leaf.Weights.Select(weight => (Leaf: leaf, Weight: weight, IsFirst: leaf.IsTrainable && weight.IsTrainable)))
            .ToList();
        var ordered = all.Where(item => item.IsFirst).Concat(all.Where(item => !item.IsFirst)).ToList();
        var (owners, taken) = (new Dictionary<KerasLeaf, string>(ReferenceEqualityComparer.Instance), new HashSet<string>(StringComparer.Ordinal));
        for (var index = 0; index < ordered.Count; index++)
        {
            var (leaf, weight, _) = ordered[index];
            var (array, name) = named[index];
            if (!Fits(leaf, weight, array, name.Word) || KerasWeightName.Kinship(name.Owner, leaf) == 0)
                return null;
            if (owners.TryAdd(leaf, name.Owner) ? !taken.Add(name.Owner) : owners[leaf] != name.Owner)
                return null;
        }

        return [.. ordered.Zip(named, (item, found) => (item.Leaf, item.Weight, found.Array))];
    }

    private List<(KerasLeaf Leaf, WeightShape Weight, HdfArray Array)> OfLayer(KerasLeaf leaf, List<(HdfArray Array, KerasWeightName Name)> named)
    {
        var pairs = new List<(KerasLeaf, WeightShape, HdfArray)>();
        foreach (var weight in leaf.Weights)
        {
            var found = named.Where(item => IsWord(leaf, weight, item.Name.Word)).ToList();
            if (found.Count != 1)
                throw Mismatch($"'{weight.Name}' has {found.Count} arrays in the file");
            var array = found[0].Array;
            if (!Fits(leaf, weight, array, found[0].Name.Word))
                throw Mismatch($"'{array.Name}' has shape ({Text(array.Shape)}), which does not fit '{weight.Name}' ({Text(weight.Shape)}, output "
                    + "channels first)");
            pairs.Add((leaf, weight, array));
        }

        return pairs;

        static string Text(IEnumerable<int> shape) => string.Join(", ", shape);
    }

    /// <summary>Only forced choices are made, among owners of at least that kinship; so where they reach the end, there is no other way to match.</summary>
    private static List<(KerasLeaf Leaf, WeightShape Weight, HdfArray Array)>? ByName(
        IReadOnlyList<KerasLeaf> leaves, Dictionary<string, List<(HdfArray Array, KerasWeightName Name)>> bundles, int kinship)
    {
        var owners = new Dictionary<KerasLeaf, string>(ReferenceEqualityComparer.Instance);
        var candidates = new Dictionary<KerasLeaf, HashSet<string>>(ReferenceEqualityComparer.Instance);
        foreach (var leaf in leaves)
            candidates[leaf] = [.. bundles.Keys.Where(owner => KerasWeightName.Kinship(owner, leaf) >= kinship && FitsAll(leaf, bundles[owner]))];
        while (NextForced(candidates) is { } forced)
        {
            owners[forced.Leaf] = forced.Owner;
            candidates.Remove(forced.Leaf);
            foreach (var rest in candidates.Values)
                rest.Remove(forced.Owner);
        }

        return candidates.Count > 0
            ? null
            : [.. leaves.SelectMany(leaf => leaf.Weights.Select(weight => (leaf, weight, Find(leaf, bundles[owners[leaf]], weight))))];

        static HdfArray Find(KerasLeaf leaf, List<(HdfArray Array, KerasWeightName Name)> bundle, WeightShape weight) =>
            bundle.Single(item => IsWord(leaf, weight, item.Name.Word)).Array;
    }

    private static bool FitsAll(KerasLeaf leaf, List<(HdfArray Array, KerasWeightName Name)> bundle) =>
        bundle.Count == leaf.Weights.Length && leaf.Weights.All(weight => bundle.Count(item => Fits(leaf, weight, item.Array, item.Name.Word)) == 1);

    private static (KerasLeaf Leaf, string Owner)? NextForced(Dictionary<KerasLeaf, HashSet<string>> candidates)
    {
        foreach (var (leaf, owners) in candidates)
        {
            if (owners.Count == 1)
                return (leaf, owners.First());
        }

        return null;
    }

    private static string Short(string name) => name.Length <= 80 ? name : name[..40] + "..." + name[^20..];

    private MammoException Mismatch(string why) => new(
        ErrorIds.ModelWeightMismatch, $"The weights of group '{group}' in '{path}' do not fit the network: {why}.",
        "Use the weights that were saved with this network.", group);
}
