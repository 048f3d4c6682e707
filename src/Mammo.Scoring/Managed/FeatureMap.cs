namespace Mammo.Scoring.Managed;

/// <summary>A piece of the plan's memory and the steps during which it is needed.</summary>
/// <param name="length">Values of one image, or all of them.</param>
/// <param name="isPerImage">There is one of it for each image; they lie one behind the other.</param>
internal sealed class Storage(long length, bool isPerImage = true)
{
    /// <summary>There is one of it for each image.</summary>
    public bool IsPerImage => isPerImage;

    /// <summary>Values for so many images.</summary>
    public long Length(int images) => isPerImage ? checked(length * images) : length;

    /// <summary>The step that writes it first.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>The last step that reads it.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Where it begins; of one that holds all images while steps run for one of them, where that image begins.</summary>
    public long Offset { get; set; }

    /// <summary>Goes from one image to another that lies so many behind it.</summary>
    public void Move(int images) => Offset += Length(images);

    /// <summary>Says that a step needs it.</summary>
    public void Use(int step) => (First, Last) = (Math.Min(First, step), Math.Max(Last, step));
}

/// <summary>
/// A layer's output in memory: rows × columns × channels, channels last, or some of the channels of a wider storage, where layers lie side by side that are
/// concatenated. Other shapes than planes are rows of 1.
/// </summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="channels">Channels.</param>
/// <param name="storage">Where it lies.</param>
/// <param name="stride">Values from one pixel to the next.</param>
/// <param name="firstChannel">Where its channels begin within a pixel.</param>
internal sealed class FeatureMap(int rows, int columns, int channels, Storage storage, int stride, int firstChannel)
{
    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>Channels.</summary>
    public int Channels { get; } = channels;

    /// <summary>Where it lies.</summary>
    public Storage Storage { get; } = storage;

    /// <summary>Values from one pixel to the next.</summary>
    public int Stride { get; } = stride;

    /// <summary>Where its channels begin within a pixel.</summary>
    public int FirstChannel { get; } = firstChannel;

    /// <summary>Pixels of one image.</summary>
    public long Pixels => (long)Rows * Columns;

    /// <summary>A map with a storage of its own.</summary>
    public static FeatureMap New(int rows, int columns, int channels) =>
        new(rows, columns, channels, new Storage(checked((long)rows * columns * channels)), channels, 0);

    /// <summary>Some of the channels.</summary>
    public FeatureMap Part(int first, int count) => new(Rows, Columns, count, Storage, Stride, FirstChannel + first);

    /// <summary>The same values as another map of the same shape, at another time.</summary>
    public FeatureMap Again() => Part(0, Channels);

    /// <summary>The same values in another shape; for maps that have their storage to themselves.</summary>
    public FeatureMap Shaped(int rows, int columns, int channels) => new(rows, columns, channels, Storage, channels, 0);

    /// <summary>Both are the same values in memory.</summary>
    public bool LiesAt(FeatureMap other) => Storage == other.Storage && FirstChannel == other.FirstChannel && Stride == other.Stride;

    /// <summary>The first image's first value; that of pixel p of all images, counted on, is at p × <see cref="Stride"/> from there.</summary>
    public unsafe float* At(float* memory) => memory + Storage.Offset + FirstChannel;
}
