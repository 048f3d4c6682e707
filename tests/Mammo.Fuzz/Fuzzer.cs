using System.Diagnostics;

namespace Mammo.Fuzz;

/// <summary>What happened to a reader.</summary>
/// <param name="Reader">Its name.</param>
/// <param name="Cases">Files that it was given.</param>
/// <param name="Accepted">Those that it read.</param>
/// <param name="Faults">Exceptions that are no <see cref="MammoException"/>, each of which would be Mammo.Unexpected in a cmdlet, and memory beyond
/// measure.</param>
/// <param name="Slowest">The longest that one file took.</param>
/// <param name="MostBytes">The most managed memory that one file took, freed or not.</param>
internal sealed record FuzzResult(string Reader, int Cases, int Accepted, IReadOnlyList<FuzzFault> Faults, TimeSpan Slowest, long MostBytes);

/// <summary>A file that a reader could not deal with.</summary>
/// <param name="Content">The file.</param>
/// <param name="Error">What was thrown.</param>
internal sealed record FuzzFault(byte[] Content, Exception Error);

/// <summary>Gives damaged files to a reader.</summary>
/// <param name="reader">The reader.</param>
/// <param name="folder">An empty folder to work in.</param>
internal sealed class Fuzzer(FuzzReader reader, string folder)
{
    // No case, damaged or not, is worth so much: a claim was believed.
    private const long MostAllowed = 200_000_000;

    private readonly List<FuzzFault> _faults = [];
    private int _cases;
    private int _accepted;
    private TimeSpan _slowest;
    private long _mostBytes;

    /// <summary>Damages the seeds, and kept cases, until the time or the number is over.</summary>
    /// <param name="kept">Cases of earlier runs; they are read as they are first, and damaged too.</param>
    /// <param name="seed">Decides the damage.</param>
    /// <param name="most">Largest number of damaged files.</param>
    /// <param name="time">Time for them.</param>
    public FuzzResult Run(IReadOnlyList<byte[]> kept, int seed, int most, TimeSpan time)
    {
        var seeds = reader.Seeds();
        foreach (var content in seeds.Concat(kept))
            Give(content);
        var (random, watch) = (new Random(seed), Stopwatch.StartNew());
        byte[][] all = [.. seeds, .. kept];
        for (var i = 0; i < most && watch.Elapsed < time; i++)
            Give(Mutation.Of(all[random.Next(all.Length)], random, reader.IsHashed));
        return new FuzzResult(reader.Name, _cases, _accepted, _faults, _slowest, _mostBytes);
    }

    private void Give(byte[] content)
    {
        var path = Path.Combine(folder, reader.FileName);
        File.WriteAllBytes(path, content);
        _cases++;
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            reader.Read(path);
            _accepted++;
        }
        catch (MammoException)
        {
            // As it should be.
        }
        catch (Exception error)
        {
            _faults.Add(new FuzzFault(content, error));
        }

        if (watch.Elapsed > _slowest)
            _slowest = watch.Elapsed;
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > MostAllowed)
            _faults.Add(new FuzzFault(content, new InsufficientMemoryException(FormattableString.Invariant($"The file took {bytes >> 20} MiB."))));
        _mostBytes = Math.Max(_mostBytes, bytes);
    }
}
