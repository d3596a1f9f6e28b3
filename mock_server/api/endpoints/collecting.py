"""Historical collection and ongoing monitoring of meters."""

from starlette.responses import Response

from mock_server.actions.authorizations.collect import set_monitoring, start_collection
from mock_server.api.bodies import answer, calls, json_body, takes
from mock_server.api.call import Call, writing
from mock_server.api.objects.meter import CollectionStarted, HistoricalCollection, Monitoring, MonitoringSet
from mock_server.domain.errors import InvalidParameter
from mock_server.http.context import Context

router = calls("/api/v2/meters")


@router.post(
    "/historical-collection",
    response_model=CollectionStarted,
    openapi_extra=takes(HistoricalCollection),
)
async def collect_history(context: Context) -> Response:
    """Collect months of history. Meters whose authorization has ended are skipped."""
    body = await json_body(context, HistoricalCollection)

    def work(call: Call) -> CollectionStarted:
        order = body.value()
        started = start_collection(
            call.sandbox,
            call.transaction,
            call.caller.client_id,
            order.meters,
            months=order.collection_duration,
        )
        return CollectionStarted(success=True, meters=list(started))

    return answer(await writing(context, work))


@router.post("/ongoing-monitoring", response_model=MonitoringSet, openapi_extra=takes(Monitoring))
async def monitor(context: Context) -> Response:
    """Start or stop monitoring meters for new data. `prepay` alone, as older clients send it, means monthly."""
    body = await json_body(context, Monitoring)

    def work(call: Call) -> MonitoringSet:
        order = body.value()
        frequency = order.frequency or ("monthly" if order.prepay else None)
        if frequency is None:
            raise InvalidParameter("The parameter frequency is missing. Send off, monthly, weekly or daily.")
        watched = set_monitoring(
            call.sandbox,
            call.transaction,
            call.caller.client_id,
            order.meters,
            frequency=frequency,
            fixed_refresh_day=order.fixed_refresh_day,
        )
        return MonitoringSet(
            success=True, meters=list(watched), frequency=frequency, fixed_refresh_day=order.fixed_refresh_day
        )

    return answer(await writing(context, work))
