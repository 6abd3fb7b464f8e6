"""Experiments."""

from checks import check, refusal


def _shown(experiment):
    return {
        "name": experiment.name,
        "lifecycle": experiment.lifecycle_stage,
        "tags": dict(experiment.tags),
        "has_location": bool(experiment.artifact_location),
        "has_times": experiment.creation_time > 0 and experiment.last_update_time >= experiment.creation_time,
    }


@check("experiments: the experiment Default exists with id 0")
def default(world):
    return [world.client.get_experiment("0").name, world.client.get_experiment_by_name("Default").experiment_id]


@check("experiments: create, get by id and by name")
def create(world):
    made = world.client.create_experiment("made", tags={"team": "icu", "ünïcode": "✓"})
    absent = world.client.get_experiment_by_name("never made")
    return [_shown(world.client.get_experiment(made)), world.client.get_experiment_by_name("made").experiment_id == made, absent]


@check("experiments: refusals of names and ids")
def refusals(world):
    client = world.client
    client.create_experiment("taken")
    return {
        "taken": refusal(lambda: client.create_experiment("taken")),
        "empty": refusal(lambda: client.create_experiment("")),
        "unknown": refusal(lambda: client.get_experiment("987654321")),
        "delete unknown": refusal(lambda: client.delete_experiment("987654321")),
    }


@check("experiments: a name that is taken, for a rename")
def taken(world):
    client = world.client
    client.create_experiment("kept name")
    return refusal(lambda: client.rename_experiment(client.create_experiment("other"), "kept name"))


@check("experiments: an id that is no number", since=3)
def no_number(world):
    return refusal(lambda: world.client.get_experiment("../../etc"))


@check("experiments: rename, tag, delete and restore")
def change(world):
    client = world.client
    made = client.create_experiment("to change")
    client.rename_experiment(made, "changed")
    client.set_experiment_tag(made, "k", "v" * 4_000)
    steps = [_shown(client.get_experiment(made))]
    client.delete_experiment(made)
    steps.append(_shown(client.get_experiment(made)))
    steps.append(refusal(lambda: client.create_experiment("changed")))
    steps.append(refusal(lambda: client.create_run(made)))
    client.restore_experiment(made)
    steps.append(_shown(client.get_experiment(made)))
    return steps


@check("experiments: delete a tag", since=3)
def delete_tag(world):
    made = world.client.create_experiment("with a tag", tags={"a": "1", "b": "2"})
    world.client.delete_experiment_tag(made, "a")
    return world.client.get_experiment(made).tags


@check("experiments: search by name and tag, ordered, page by page")
def search(world):
    client = world.client
    for number in range(5):
        client.create_experiment(f"found-{number}", tags={"round": str(number % 2)})
    client.delete_experiment(client.get_experiment_by_name("found-4").experiment_id)

    def names(**query):
        return [experiment.name for experiment in client.search_experiments(**query)]

    first = client.search_experiments(filter_string="name LIKE 'found-%'", order_by=["name ASC"], max_results=3)
    second = client.search_experiments(
        filter_string="name LIKE 'found-%'", order_by=["name ASC"], max_results=3, page_token=first.token
    )
    return {
        "like": names(filter_string="name LIKE 'found-%'", order_by=["name DESC"]),
        "ilike": names(filter_string="name ILIKE 'FOUND-%'", order_by=["name"]),
        "tag": names(filter_string="tags.round = '1' AND name LIKE 'found-%'", order_by=["name"]),
        "not": names(filter_string="tags.`round` != '1' AND name LIKE 'found-%'", order_by=["name"]),
        "deleted": names(view_type=2, filter_string="name LIKE 'found-%'"),
        "all": names(view_type=3, filter_string="name LIKE 'found-%'", order_by=["name"]),
        "newest first": names(filter_string="name LIKE 'found-%'", order_by=["creation_time DESC", "name DESC"]),
        "pages": [[e.name for e in first], [e.name for e in second], bool(first.token), bool(second.token)],
        "wrong": refusal(lambda: client.search_experiments(filter_string="nonsense = 'x'")),
        "half": refusal(lambda: client.search_experiments(filter_string="name LIKE")),
        "order": refusal(lambda: client.search_experiments(order_by=["nonsense"])),
        "too many": refusal(lambda: client.search_experiments(max_results=1_000_000)),
        "token": refusal(lambda: client.search_experiments(page_token="nonsense")),
    }


@check("experiments: set_experiment makes one when there is none")
def set_experiment(world):
    one = world.mlflow.set_experiment("by the fluent interface")
    again = world.mlflow.set_experiment("by the fluent interface")
    return [one.name, one.experiment_id == again.experiment_id]
