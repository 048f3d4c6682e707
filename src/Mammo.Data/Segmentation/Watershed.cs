namespace Mammo.Data.Segmentation;

/// <summary>
/// Flooding from markers (Meyer 1992) as OpenCV's <c>watershed</c> does it on a grey image: pixels are taken in the order of their difference from a labelled
/// neighbour, first come first served among equals; where floods meet, and on the image's edge, there is a dam.
/// </summary>
internal sealed class Watershed
{
    /// <summary>The label of a dam.</summary>
    public const int Dam = -1;

    private const int Queued = -2;
    private readonly int _width;
    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private readonly Queue<int>[] _queues = [.. Enumerable.Range(0, 256).Select(_ => new Queue<int>())];
    private readonly int[] _neighbours;

    private Watershed(int width, byte[] pixels, int[] markers)
    {
        (_width, _pixels, _labels) = (width, pixels, (int[])markers.Clone());
        // Left, right, up, down: the order decides between floods that arrive at once.
        _neighbours = [-1, 1, -width, width];
    }

    /// <summary>Floods an image.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">Grey values.</param>
    /// <param name="markers">Labels above 0 where floods begin, 0 elsewhere.</param>
    /// <returns>A label, or <see cref="Dam"/>, for every pixel that a flood reaches.</returns>
    public static int[] Flood(int height, int width, byte[] pixels, int[] markers)
    {
        var watershed = new Watershed(width, pixels, markers);
        watershed.Begin(height);
        watershed.Run();
        return watershed._labels;
    }

    private void Begin(int height)
    {
        for (var at = 0; at < _labels.Length; at++)
        {
            if (at < _width || at >= (height - 1) * _width || at % _width == 0 || at % _width == _width - 1)
                _labels[at] = Dam;
        }

        for (var at = _width; at < _labels.Length - _width; at++)
        {
            if (_labels[at] == 0 && Array.Exists(_neighbours, step => _labels[at + step] > 0))
                Push(at, _neighbours.Where(step => _labels[at + step] > 0).Min(step => Difference(at, at + step)));
        }
    }

    private void Run()
    {
        for (var level = 0; level < _queues.Length;)
        {
            if (!_queues[level].TryDequeue(out var at))
            {
                level++;
                continue;
            }

            _labels[at] = LabelOf(at);
            if (_labels[at] == Dam)
                continue;
            foreach (var step in _neighbours)
            {
                if (_labels[at + step] != 0)
                    continue;
                var difference = Difference(at, at + step);
                Push(at + step, difference);
                level = Math.Min(level, difference);
            }
        }
    }

    private int LabelOf(int at)
    {
        var label = 0;
        foreach (var step in _neighbours)
        {
            if (_labels[at + step] is > 0 and var other)
                label = label == 0 || label == other ? other : Dam;
        }

        return label;
    }

    private void Push(int at, int level)
    {
        _queues[level].Enqueue(at);
        _labels[at] = Queued;
    }

    private int Difference(int a, int b) => Math.Abs(_pixels[a] - _pixels[b]);
}
