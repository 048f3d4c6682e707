namespace Mammo.Scoring.Managed;

/// <summary>One run of a plan: its memory, its threads and which tiles each step computes.</summary>
/// <param name="memory">The plan's memory.</param>
/// <param name="scratch">Memory of the workers.</param>
/// <param name="scratchLength">Values of one worker.</param>
/// <param name="images">Images of the run.</param>
/// <param name="workers">The threads.</param>
/// <param name="work">Steps that compute some of their tiles only; the others compute all.</param>
internal sealed unsafe class Pass(
    float* memory, float* scratch, long scratchLength, int images, Workers workers, IReadOnlyDictionary<Step, TileWork> work)
{
    /// <summary>The plan's memory.</summary>
    public float* Memory => memory;

    /// <summary>Images of the run.</summary>
    public int Images => images;

    /// <summary>The threads.</summary>
    public Workers Workers => workers;

    /// <summary>The tiles that a step computes and copies; null for computing all.</summary>
    public TileWork? WorkOf(Step step) => work.GetValueOrDefault(step);

    /// <summary>What a worker writes down for itself.</summary>
    public Scratch Scratch(int worker) => new(scratch + (worker * scratchLength));
}

/// <summary>Memory of one worker, taken piece by piece.</summary>
/// <param name="next">Where it begins.</param>
internal unsafe ref struct Scratch(float* next)
{
    private const int Line = 16;
    private float* _next = next;

    /// <summary>Values that a piece takes up.</summary>
    public static long Size(long length) => (length + Line - 1) / Line * Line;

    /// <summary>The next piece; it begins at a multiple of 64 bytes.</summary>
    public float* Take(long length)
    {
        var piece = _next;
        _next += Size(length);
        return piece;
    }

    /// <summary>The next piece, for offsets.</summary>
    public nint* TakeOffsets(long length) => (nint*)Take(length * 2);
}
