namespace Mammo.Archive.Shards;

/// <summary>What the seals of a run say of its result files, and which of both are not to be believed.</summary>
internal sealed class SealCheck
{
    private readonly HashSet<string> _contradicted = new(StringComparer.Ordinal);
    private readonly List<(Seal Seal, Finding Finding)> _broken = [];

    private SealCheck()
    {
    }

    /// <summary>Files that a seal contradicts and none confirms.</summary>
    public IReadOnlySet<string> Contradicted => _contradicted;

    /// <summary>Seals that are damaged, or say what is not so, each with what is wrong.</summary>
    public IReadOnlyList<(Seal Seal, Finding Finding)> Broken => _broken;

    /// <summary>Compares seals with files.</summary>
    /// <param name="seals">The seals.</param>
    /// <param name="files">The files to look at; others are only looked for.</param>
    public static SealCheck Of(IReadOnlyCollection<Seal> seals, IReadOnlyCollection<ResultFile> files)
    {
        var check = new SealCheck();
        var confirmed = new HashSet<string>(StringComparer.Ordinal);
        var known = new Dictionary<(string, long), SealedFile?>();
        var byPlace = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var seal in seals)
        {
            var problem = seal.Files.IsEmpty ? "is damaged" : null;
            foreach (var said in seal.Files)
            {
                var path = Path.Combine(Path.GetDirectoryName(seal.Path)!, said.Name);
                if (!byPlace.ContainsKey(path))
                {
                    if (!File.Exists(path))
                        problem ??= Gone(said);
                    continue;
                }

                if (!known.TryGetValue((path, said.Bytes), out var found))
                    known[(path, said.Bytes)] = found = Now(path, said.Bytes);
                if (found is null)
                {
                    problem ??= Gone(said);
                    continue;
                }

                if (found.Bytes != said.Bytes || found.Hash != said.Hash)
                {
                    problem ??= $"says of '{said.Name}' what is not so: it was changed, or the seal was";
                    check._contradicted.Add(path);
                    continue;
                }

                if (found.Rows != said.Rows)
                    problem ??= $"says that '{said.Name}' has {said.Rows} lines, and it has {found.Rows}";
                confirmed.Add(path);
            }

            if (problem is not null)
                check._broken.Add((seal, new Finding(ErrorIds.ResultDamaged, $"The seal '{seal.Path}' {problem}.") { Subject = seal.Path }));
        }

        // A file that one seal confirms byte by byte is as it was: the other seal is wrong.
        check._contradicted.ExceptWith(confirmed);
        return check;
    }

    private static string Gone(SealedFile said) => $"names '{said.Name}', which is gone";

    // Null where another process has set the file aside since it was listed.
    private static SealedFile? Now(string path, long bytes)
    {
        try
        {
            return SealedFile.Of(path, bytes);
        }
        catch (MammoException failure) when (failure.ErrorId == ErrorIds.FileNotFound)
        {
            return null;
        }
    }
}
