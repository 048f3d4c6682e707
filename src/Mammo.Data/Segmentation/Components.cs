using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>Connected components of a mask, numbered from 1 in the order of their first pixels.</summary>
internal sealed class Components
{
    private readonly int _width;
    private readonly int _height;
    private readonly int[] _labels;

    private Components(Mask mask, int[] labels, int[] areas) => (_width, _height, _labels, Areas) = (mask.Width, mask.Height, labels, areas);

    /// <summary>Pixels of each component; entry 0 is empty.</summary>
    public int[] Areas { get; }

    /// <summary>Components of pixels that touch with a side or, if <paramref name="diagonal"/>, with a corner.</summary>
    /// <param name="mask">The pixels.</param>
    /// <param name="diagonal">8-connected instead of 4-connected.</param>
    /// <param name="value">Join the pixels that have this value; false gives the components of the background.</param>
    public static Components Of(Mask mask, bool diagonal, bool value = true)
    {
        var labels = new int[mask.Pixels.Length];
        var parents = new List<int> { 0 };
        for (var y = 0; y < mask.Height; y++)
        {
            for (var x = 0; x < mask.Width; x++)
            {
                var at = y * mask.Width + x;
                if (mask.Pixels[at] != value)
                    continue;
                var label = x > 0 ? labels[at - 1] : 0;
                for (var above = diagonal ? Math.Max(x - 1, 0) : x; y > 0 && above <= (diagonal ? Math.Min(x + 1, mask.Width - 1) : x); above++)
                    label = Join(parents, label, labels[(y - 1) * mask.Width + above]);
                if (label == 0)
                    parents.Add(label = parents.Count);
                labels[at] = label;
            }
        }

        return new Components(mask, labels, Renumber(labels, parents));
    }

    /// <summary>The component of a pixel, 0 for none.</summary>
    public int At(int x, int y) => _labels[y * _width + x];

    /// <summary>The largest component, the first among equals; 0 when there is none.</summary>
    public int Largest()
    {
        var largest = 0;
        for (var label = 1; label < Areas.Length; label++)
            largest = Areas[label] > Areas[largest] ? label : largest;
        return largest;
    }

    /// <summary>The pixels of one component; none for 0.</summary>
    public Mask Pick(int label) => new(_height, _width, Array.ConvertAll(_labels, item => item == label && item > 0));

    /// <summary>Everything but the chosen components.</summary>
    public Mask Without(IReadOnlySet<int> labels)
    {
        bool[] isKept = [.. Enumerable.Range(0, Areas.Length).Select(label => !labels.Contains(label))];
        return new Mask(_height, _width, Array.ConvertAll(_labels, item => isKept[item]));
    }

    /// <summary>Fills the holes of a mask: background that no path over pixels' sides joins with the image's edge.</summary>
    public static Mask FillHoles(Mask mask)
    {
        var background = Of(mask, diagonal: false, value: false);
        var outside = new HashSet<int>();
        for (var x = 0; x < mask.Width; x++)
            outside.UnionWith([background.At(x, 0), background.At(x, mask.Height - 1)]);
        for (var y = 0; y < mask.Height; y++)
            outside.UnionWith([background.At(0, y), background.At(mask.Width - 1, y)]);
        outside.Remove(0);
        return background.Without(outside);
    }

    private static int Join(List<int> parents, int a, int b)
    {
        if (a == 0 || b == 0 || a == b)
            return a == 0 ? b : a;
        (a, b) = (Root(parents, a), Root(parents, b));
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        parents[b] = a;
        return a;
    }

    private static int Root(List<int> parents, int label)
    {
        while (parents[label] != label)
            label = parents[label] = parents[parents[label]];
        return label;
    }

    private static int[] Renumber(int[] labels, List<int> parents)
    {
        // A root is the smallest of its labels, so ascending roots are ascending first pixels.
        var numbers = new int[parents.Count];
        var count = 0;
        for (var label = 1; label < numbers.Length; label++)
            numbers[label] = parents[label] == label ? ++count : numbers[Root(parents, label)];
        var areas = new int[count + 1];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = numbers[labels[i]];
            areas[labels[i]]++;
        }

        areas[0] = 0;
        return areas;
    }
}
